package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmload.config.ConfigException;
import llmload.model.GatlingCount;
import llmload.model.JournalFooter;
import llmload.model.Validity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidityRulesTest {
  private final SampleRun run = new SampleRun();

  private List<ValidityRules.Finding> findings() {
    return ValidityRules.findings(
        run.manifest(), run.measurements(), ValidityLimits.of(run.limits));
  }

  private void assertOnly(Validity validity, String sentence) {
    assertThat(findings()).containsExactly(new ValidityRules.Finding(validity, sentence));
  }

  @Test
  void goodRun_isValid() {
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10, ", "10.1, DEGRADED", "49.9, DEGRADED", "50, INVALID", "300, INVALID"})
  void sendLag_beyondItsLimit_degradesAndAtFiveTimesInvalidates(double lag, Validity expected) {
    run.sendLagP99Millis = lag;

    assertThat(findings().stream().map(ValidityRules.Finding::validity).toList())
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @CsvSource({"100, ", "100.5, DEGRADED", "249, DEGRADED", "250, INVALID"})
  void eventLoopLag_beyondItsLimit_degradesAndAt250Invalidates(double lag, Validity expected) {
    run.eventLoopLagMillis = lag;

    assertThat(findings().stream().map(ValidityRules.Finding::validity).toList())
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @CsvSource({"200, ", "201, DEGRADED", "999, DEGRADED", "1000, INVALID"})
  void gcPause_beyondItsLimit_degradesAndAt1000Invalidates(double pause, Validity expected) {
    run.gcPauseMillis = pause;

    assertThat(findings().stream().map(ValidityRules.Finding::validity).toList())
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @ParameterizedTest
  @CsvSource({"1, ", "0.98, ", "0.979, DEGRADED", "0.9, DEGRADED", "0.899, INVALID", "0, INVALID"})
  void achievedRate_belowItsLimit_degradesAndBelowNineTenthsInvalidates(
      double ratio, Validity expected) {
    run.achievedRatio = ratio;

    assertThat(findings().stream().map(ValidityRules.Finding::validity).toList())
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  /** Of a run of 10 s, 1 % is 100 ms; of one of 1 s, 10 ms, where the floor of 50 ms decides. */
  @ParameterizedTest
  @CsvSource({"10, 100, ", "10, 101, DEGRADED", "10, -101, DEGRADED", "1, 50, ", "1, 51, DEGRADED"})
  void clockDrift_beyondOnePercentAndTheFloor_degrades(
      double duration, double drift, Validity expected) {
    run.durationSeconds = duration;
    run.clockDriftMillis = drift;

    assertThat(findings().stream().map(ValidityRules.Finding::validity).toList())
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @Test
  void reason_saysTheNumberTheLimitAndWhatToDo() {
    run.sendLagP99Millis = 12.3456789;

    assertOnly(
        Validity.DEGRADED,
        "The injector sent its requests late: send lag p99 12.3457 ms, the limit is 10 ms"
            + " (50 ms is invalid). Lower the load, or use more injectors.");
  }

  @Test
  void reason_justBeyondTheLimit_showsThatItIsBeyond() {
    run.sendLagP99Millis = 10.0000001;

    assertThat(findings().get(0).sentence()).contains("p99 10.0000001 ms, the limit is 10 ms");
  }

  @Test
  void limits_fromSettings_replaceTheDefaults() {
    run.limits = Map.of("validity.sendLagP99", 400.0);
    run.sendLagP99Millis = 300.0;

    assertThat(findings()).isEmpty();
  }

  @Test
  void limits_thatCannotBeUsed_areRefusedTogether() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                ValidityLimits.of(
                    new TreeMap<>(
                        Map.of(
                            "validity.achievedRate", 98.0,
                            "validity.gcPause", -1.0,
                            "validity.sendLagp99", 1.0))))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "validity.achievedRate: Expecting a ratio above 0 and up to 1."
                            + " Found: 98.0.",
                        "validity.gcPause: Expecting milliseconds above 0. Found: -1.0.",
                        "validity limit: Expecting one of validity.sendLagP99,"
                            + " validity.eventLoopLag, validity.gcPause, validity.achievedRate,"
                            + " validity.clockDrift. Found: validity.sendLagp99."
                            + " Did you mean validity.sendLagP99?"));
  }

  @Test
  void lostRecords_invalidate_whoeverCountedThem() {
    run.footer = new JournalFooter(100, 100, 100, 0, 0, 0, 7, null);

    assertOnly(
        Validity.INVALID,
        "7 records never reached the journal, and none may be lost. Check the disk's space and"
            + " speed.");
  }

  @Test
  void tornLines_invalidate() {
    run.torn = 2;

    assertOnly(
        Validity.INVALID,
        "2 journal lines could not be read, and none may be torn. Check the disk, and that nothing"
            + " else wrote to the file.");
  }

  @Test
  void rows_unlikeTheFooter_invalidate() {
    run.rows = 98;

    assertOnly(
        Validity.INVALID,
        "The journal has 98 rows, its footer says 100. Requests are missing or repeated. Analyse an"
            + " unedited copy of the journal.");
  }

  @Test
  void outcomes_unlikeTheFooter_invalidate() {
    run.footer = new JournalFooter(100, 100, 99, 1, 0, 0, 0, null);

    assertOnly(
        Validity.INVALID,
        "The journal's rows give 100 ok, 0 failed and 0 incomplete, its footer says 99 ok, 1 failed"
            + " and 0 incomplete. Analyse an unedited copy of the journal.");
  }

  @Test
  void journal_withoutFooter_isPartial_andGatlingIsNotAsked() {
    run.footer = null;
    run.gatling = null;
    run.rows = 42;

    assertOnly(
        Validity.PARTIAL,
        "The journal has no footer: the run ended before it could close its record, and only the 42"
            + " requests on disk are counted. Run it again to its end.");
  }

  @Test
  void interruption_isPartial_inItsOwnWord() {
    run.interruptedBy("disk full");

    assertThat(findings()).hasSize(1);
    assertThat(findings().get(0).validity()).isEqualTo(Validity.PARTIAL);
    assertThat(findings().get(0).sentence()).contains("ended early by disk full");
  }

  @Test
  void gatlingCounts_unlikeTheJournals_invalidateWithBothNumbers() {
    run.gatling = Map.of("chat", new GatlingCount(99, 1));

    assertOnly(
        Validity.INVALID,
        "Gatling counted 99 OK and 1 KO requests named chat, the journal 100 OK and 0 failed. One of"
            + " the two lost some: do not use this run.");
  }

  @Test
  void gatlingCounts_ofANameThatOneSideLacks_invalidate() {
    run.gatling = Map.of("chat", new GatlingCount(100, 0), "login", new GatlingCount(3, 0));
    assertThat(findings().get(0).sentence())
        .startsWith("Gatling counted 3 OK and 0 KO requests named login, the journal 0 OK");

    run.gatling = Map.of();
    assertThat(findings().get(0).sentence())
        .startsWith("Gatling counted 0 OK and 0 KO requests named chat, the journal 100 OK");
  }

  @Test
  void gatlingCounts_ofThePseudoRequest_areNotCompared() {
    run.gatling = Map.of("chat", new GatlingCount(100, 0), "chat TTFT", new GatlingCount(100, 0));

    assertThat(findings()).isEmpty();
  }

  @Test
  void gatlingCounts_thatCouldNotBeRead_degrade() {
    run.gatling = null;

    assertOnly(
        Validity.DEGRADED,
        "Gatling's own counts could not be read, so that nothing confirms the journal's. Keep"
            + " simulation.log in the run's folder.");
  }

  @Test
  void injector_ofWhichNothingIsKnown_degrades() {
    run.eventLoopLagMillis = null;
    run.gcPauseMillis = null;

    assertThat(findings()).hasSize(1);
    assertThat(findings().get(0).validity()).isEqualTo(Validity.DEGRADED);
  }

  @Test
  void nothingMeasured_isNoData_andNothingElse() {
    run.ok = 0;
    run.rows = 0;
    run.footer = new JournalFooter(0, 0, 0, 0, 0, 0, 0, null);
    run.gatling = null;

    assertOnly(
        Validity.NO_DATA,
        "Nothing was measured: of 0 started requests none ended, neither OK nor failed. Ask for more"
            + " requests or a longer duration.");
  }

  @Test
  void findings_areSortedWorstFirst() {
    run.sendLagP99Millis = 11.0;
    run.lost = 1;
    run.interruptedBy("SIGTERM");

    assertThat(findings().stream().map(ValidityRules.Finding::validity).toList())
        .containsExactly(Validity.PARTIAL, Validity.INVALID, Validity.DEGRADED);
  }
}
