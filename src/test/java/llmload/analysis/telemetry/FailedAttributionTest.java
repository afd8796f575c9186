package llmload.analysis.telemetry;

import static llmload.analysis.telemetry.SlowRequestFixture.gaps;
import static llmload.analysis.telemetry.SlowRequestFixture.ordinary;
import static llmload.analysis.telemetry.SlowRequestFixture.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests that failed late, beside ten ordinary ones of 191 ms. */
class FailedAttributionTest {
  private final SlowRequestFixture run = new SlowRequestFixture();

  /** The cells of the only failed request by their columns. */
  private Map<String, @Nullable Object> failed(RequestFixture failed) {
    RunMeasurements measured = run.measured(failed);
    ResultTable table = table(measured, "slowest_failed");
    assertThat(table.rows()).hasSize(1);
    // It takes no place of those that are OK.
    assertThat(table(measured, "slowest").rows()).hasSize(10);
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    for (int i = 0; i < table.columns().size(); i++) {
      cells.put(table.columns().get(i).name(), table.rows().get(0).get(i));
    }
    return cells;
  }

  private static RequestFixture timedOut(RequestFixture request, Outcome outcome, int endMillis) {
    return request.outcome(outcome, 200, "too late").end(endMillis);
  }

  @Test
  void failure_withoutAConnection_isConnect() {
    RequestFixture refused =
        RequestFixture.chat(5_000).outcome(Outcome.CONNECT, null, "no connection in time");

    Map<String, @Nullable Object> cells = failed(refused);

    assertThat(cells).containsEntry("outcome", "CONNECT").containsEntry("cause", "connect");
    assertThat(cells).containsEntry("lasted", 5_000.0).containsEntry("connect", 5_000.0);
    // Less the median of 1 ms.
    assertThat(cells).containsEntry("explained", 4_999.0);
    assertThat(cells).containsEntry("because", "no connection came");
    assertThat(cells.get("first_token")).isNull();
  }

  @Test
  void failure_ofTheLoadTesterItself_isNoMissingConnection() {
    assertThat(failed(RequestFixture.chat(5_000).outcome(Outcome.CLIENT, null, "a bug")))
        .containsEntry("cause", "unattributed")
        .containsEntry("connect", null);
  }

  @Test
  void failure_withoutAFirstToken_waitedUntilItsEnd() {
    run.eachSecond("server", "requests_waiting_count", 0, 5);
    RequestFixture late =
        timedOut(RequestFixture.chat(0).connected(1), Outcome.FIRST_TOKEN_TIMEOUT, 4_001);

    Map<String, @Nullable Object> cells = failed(late);

    assertThat(cells).containsEntry("cause", "server queue").containsEntry("first_token", 4_000.0);
    assertThat(cells.get("stream")).isNull();
  }

  @Test
  void failure_withoutAFirstToken_andWithoutAQueue_isUnattributed() {
    RequestFixture late =
        timedOut(RequestFixture.chat(0).connected(1), Outcome.FIRST_TOKEN_TIMEOUT, 4_001);
    assertThat(String.valueOf(failed(late).get("because"))).contains("no sample tells");

    // Whether it would have been the prompt nobody knows: no token came.
    run.eachSecond("server", "requests_waiting_count", 0, 0);
    Map<String, @Nullable Object> cells = failed(late);
    assertThat(cells).containsEntry("cause", "unattributed").containsEntry("explained", null);
    assertThat(cells)
        .containsEntry(
            "because",
            "4000 ms without a first token; not in the server's queue by its metrics, and no sample"
                + " tells of its prompt");
  }

  @Test
  void failure_thatFellSilentInItsStream_isAStallUntilItsEnd() {
    // First token after 101 ms, nine gaps of 10 ms, then nothing from 191 ms to 5,191 ms.
    RequestFixture silent =
        timedOut(ordinary(gaps(101, 10, 10)), Outcome.IDLE_TIMEOUT, 5_191).connected(1);

    Map<String, @Nullable Object> cells = failed(silent);

    assertThat(cells).containsEntry("cause", "stall in the stream");
    // 5000 ms beyond the median gap of 10 ms.
    assertThat(cells).containsEntry("stalls", 4_990.0).containsEntry("explained", 4_990.0);
    assertThat(cells).containsEntry("stream", 5_090.0).containsEntry("lasted", 5_191.0);

    run.eachSecond("gpu", "throttled_power_ratio", 0, 1);
    assertThat(failed(silent)).containsEntry("cause", "throttled GPU");
  }

  @Test
  void failure_inOnePiece_hasNoFirstTokenToWaitFor() {
    run.eachSecond("server", "requests_waiting_count", 0, 5);
    RequestFixture whole =
        timedOut(RequestFixture.chat(0).connected(1).notStreamed(), Outcome.TOTAL_TIMEOUT, 4_001);

    assertThat(failed(whole)).containsEntry("cause", "unattributed");
    assertThat(failed(whole).get("first_token")).isNull();
  }

  @Test
  void failures_asFastAsTheMedian_andWarmUp_andOpenOnes_areNotListed() {
    RequestFixture fast = timedOut(RequestFixture.chat(0).connected(1), Outcome.HTTP_5XX, 191);
    RequestFixture slow = timedOut(RequestFixture.chat(0).connected(1), Outcome.HTTP_5XX, 192);
    RequestFixture open = timedOut(RequestFixture.chat(0).connected(1), Outcome.INCOMPLETE, 9_000);
    RequestFixture warmUp = timedOut(RequestFixture.chat(0), Outcome.CONNECT, 9_000).warmup();

    ResultTable table = table(run.measured(fast, slow, open, warmUp), "slowest_failed");

    assertThat(table.rows()).hasSize(1);
    assertThat(table.rows().get(0)).contains(192.0);
  }

  @Test
  void excessBelowTenMilliseconds_isNoise_howeverShortTheMedianIs() {
    for (int endMillis : new int[] {60, 61}) {
      // Twelve of 51 ms beside the ten of 191 ms: a tenth of the median are 5.1 ms.
      RequestFixture[] all = new RequestFixture[13];
      for (int i = 0; i < 12; i++) {
        all[i] = ordinary(gaps(41, 2, 10));
      }
      all[12] = RequestFixture.chat(endMillis).outcome(Outcome.CONNECT, null, "refused");

      assertThat(table(run.measured(all), "slowest_failed").rows().get(0))
          .contains(endMillis == 60 ? "not slower than usual" : "no connection came");
    }
  }

  @Test
  void failures_areTheTenThatLastedLongest_longestFirst() {
    RequestFixture[] many = new RequestFixture[12];
    for (int i = 0; i < many.length; i++) {
      many[i] = timedOut(RequestFixture.chat(0).connected(1), Outcome.HTTP_5XX, 1_000 + i);
    }

    ResultTable table = table(run.measured(many), "slowest_failed");

    assertThat(table.rows()).hasSize(10);
    assertThat(table.rows().get(0)).contains(1_011.0);
    assertThat(table.rows().get(9)).contains(1_002.0);
  }

  @Test
  void failures_whereNoRequestWasOk_areListed_andOnlyAMissingConnectionIsACause() {
    RunManifest manifest = ManifestFixture.closed();
    RunAnalysis analysis = new RunAnalysis(manifest);
    TelemetryAnalysis telemetry = new TelemetryAnalysis(manifest);
    for (RequestFixture each :
        List.of(
            RequestFixture.chat(2_000).outcome(Outcome.CONNECT, null, "refused"),
            timedOut(RequestFixture.chat(0).connected(1), Outcome.HTTP_5XX, 1_000))) {
      analysis.accept(each.build());
      telemetry.accept(each.build());
    }

    ResultTable table = table(telemetry.into(analysis.finish(null, 2, 0)), "slowest_failed");

    assertThat(table.rows().get(0)).contains("connect", "no connection came");
    assertThat(table.rows().get(1))
        .contains("unattributed", "no request was OK: nobody knows what is usual");
  }
}
