package llmload.analysis;

import static llmload.metrics.RequestFixture.chat;
import static llmload.metrics.RequestFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Map;
import llmload.model.InjectorHealth;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.RunManifest;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class InjectorCollectorTest {
  @Test
  void injector_openLoad_lagsOfEveryMeasuredRequest() {
    RunAnalysis analysis = new RunAnalysis(ManifestFixture.open());
    // Lags 0, 10, 11 and 40 ms: late is above 10, 2 of 4.
    analysis.accept(stream(100).intended(0).sent(0).build());
    analysis.accept(stream(100).intended(100).sent(110).build());
    analysis.accept(chat(5).intended(200).sent(211).outcome(Outcome.HTTP_5XX, 500, null).build());
    analysis.accept(
        chat(5).intended(300).sent(340).outcome(Outcome.INCOMPLETE, null, null).build());
    analysis.accept(chat(5).intended(0).sent(999).warmup().build());
    InjectorHealth health =
        analysis.finish(new JournalFooter(5, 4, 2, 1, 1, 1, 3, null), 5, 2).injector();
    assertThat(health.sendLagP50Millis()).isEqualTo(10);
    assertThat(health.sendLagP99Millis()).isEqualTo(40);
    assertThat(health.sendLagMaxMillis()).isEqualTo(40);
    assertThat(health.lateRatio()).isEqualTo(0.5);
    // 4 of 5 planned arrivals.
    assertThat(health.achievedRatio()).isEqualTo(0.8);
    assertThat(health.journalRowCount()).isEqualTo(4);
    assertThat(health.journalTornCount()).isEqualTo(2);
    assertThat(health.lostRecordCount()).isEqualTo(3);
  }

  @Test
  void injector_closedLoadWithoutTelemetry_knowsNothing() {
    RunAnalysis analysis = new RunAnalysis(ManifestFixture.closed());
    analysis.accept(stream(100).build());
    InjectorHealth health =
        analysis.finish(new JournalFooter(1, 1, 1, 0, 0, 0, 0, null), 1, 0).injector();
    assertThat(health)
        .isEqualTo(
            new InjectorHealth(
                null, null, null, null, null, null, null, null, null, null, null, 1, 0, 0));
  }

  @Test
  void injector_telemetry_onlyOfTheMeasuredWindow() {
    RunAnalysis analysis = new RunAnalysis(ManifestFixture.closed());
    analysis.accept(sample("injector", 500, 99, 99));
    analysis.accept(sample("injector", 1_500, 4, 30));
    analysis.accept(sample("host", 1_600, 77, 77));
    analysis.accept(sample("injector", 2_500, 6, 20));
    analysis.accept(new TelemetrySample("injector", 2_600_000_000L, Map.of(), Map.of()));
    // Tells of 2.6 to 3.2 s, of which 2.6 to 3 s was measured; the one after tells of none of it.
    analysis.accept(sample("injector", 3_200, 5, 10));
    analysis.accept(sample("injector", 3_500, 99, 99));
    analysis.accept(stream(2_000).sent(1_000).build());
    InjectorHealth health = analysis.finish(null, 1, 0).injector();
    assertThat(health.eventLoopLagMaxMillis()).isEqualTo(6);
    assertThat(health.gcPauseMaxMillis()).isEqualTo(30);
    assertThat(health.gcPauseTotalMillis()).isEqualTo(60);
    // Cores as many as the lag: (4 + 6 + 5) ÷ 3; heap as many bytes as the pause.
    assertThat(health.cpuCores()).isEqualTo(5);
    assertThat(health.heapUsedMaxBytes()).isEqualTo(30);
    assertThat(health.achievedRatio()).isNull();
  }

  @Test
  void injector_runOfHalfASecond_hasTheReadingThatCoversIt() {
    RunAnalysis analysis = new RunAnalysis(ManifestFixture.closed());
    // Read just before the first request and just after the last: of these only the second tells of
    // the 500 ms between.
    analysis.accept(sample("injector", 999, 99, 99));
    analysis.accept(sample("injector", 1_520, 4, 30));
    analysis.accept(stream(500).sent(1_000).build());
    InjectorHealth health = analysis.finish(null, 1, 0).injector();
    assertThat(health.eventLoopLagMaxMillis()).isEqualTo(4);
    assertThat(health.gcPauseMaxMillis()).isEqualTo(30);
  }

  @Test
  void injector_wallClockSteppedBack_driftIsNegative() {
    // 59.5 s by the wall clock, 60 s by the monotonic one.
    RunManifest manifest =
        ManifestFixture.manifest(
            "closed", Instant.parse("2026-01-01T00:00:59.500Z"), 60_000_000_000L);
    InjectorHealth health = new RunAnalysis(manifest).finish(null, 0, 0).injector();
    assertThat(health.clockDriftMillis()).isNotNull().isCloseTo(-500, within(1e-9));
  }

  private static TelemetrySample sample(String source, long atMillis, double lag, double pause) {
    return new TelemetrySample(
        source,
        atMillis * 1_000_000,
        Map.of(
            "event_loop_lag_max_ms", lag,
            "gc_pause_max_ms", pause,
            "gc_pause_total_ms", pause,
            "cpu_cores", lag,
            "heap_used_bytes", pause),
        Map.of());
  }
}
