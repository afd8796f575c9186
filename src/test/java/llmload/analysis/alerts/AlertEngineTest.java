package llmload.analysis.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertEngineTest {
  private static final long SECOND = 1_000_000_000L;

  private final AlertEngine engine = new AlertEngine(AlertLimits.MINIBIAI);

  private static AlertWindow speed(
      long second, @Nullable Double perSecond, @Nullable Double change) {
    return new AlertWindow(
        second * SECOND, perSecond, null, null, null, null, null, null, null, null, change, 1, 0);
  }

  private static List<String> words(List<Alert> alerts) {
    return alerts.stream().map(alert -> alert.type().id() + " " + alert.severity()).toList();
  }

  @Test
  void regression_staysSilentFor300Seconds_asEveryTypeDoes() {
    assertThat(words(engine.accept(speed(0, 40.0, -0.2)))).containsExactly("regression WARNING");
    for (int second = 1; second < 300; second++) {
      assertThat(engine.accept(speed(second, 40.0, -0.2))).isEmpty();
    }
    assertThat(words(engine.accept(speed(300, 40.0, -0.2)))).containsExactly("regression WARNING");
  }

  @Test
  void cooldown_isOfEachTypeAlone() {
    engine.accept(speed(0, 40.0, -0.2));
    assertThat(words(engine.accept(speed(1, 29.0, -0.2))))
        .containsExactly("token_throughput WARNING");
  }

  @Test
  void severity_turnsCriticalAtTheStatedFactors() {
    // 0.8 × 30 = 24.
    assertThat(words(engine.accept(speed(0, 24.1, null))))
        .containsExactly("token_throughput WARNING");
    assertThat(words(engine.accept(speed(300, 24.0, null))))
        .containsExactly("token_throughput CRITICAL");
    assertThat(engine.accept(speed(900, 30.0, -0.1))).isEmpty();
  }

  @Test
  void everythingWrong_raisesAllElevenTypes_whereEachHasALimit() {
    AlertLimits base = AlertLimits.MINIBIAI;
    AlertEngine watched =
        new AlertEngine(
            new AlertLimits(
                base.tokensPerSecond(),
                base.ttftMillis(),
                base.spikeRatio(),
                base.retrievalMillis(),
                base.memoryRatio(),
                base.cpuRatio(),
                base.cpuCriticalRatio(),
                0.98,
                85.0,
                base.energyPerTokenJoules(),
                base.errorRatio(),
                base.regressionRatio()));
    AlertWindow bad =
        new AlertWindow(0, 1.0, 7.5, 0.16, 21.0, 0.91, 0.94, 0.99, 90.0, 1.5, -0.5, 0, 3);

    assertThat(words(watched.accept(bad)))
        .containsExactly(
            "token_throughput CRITICAL",
            "ttft CRITICAL",
            "spike_rate WARNING",
            "retrieval_latency WARNING",
            "memory_usage CRITICAL",
            "cpu_utilization WARNING",
            "gpu_utilization WARNING",
            "energy_consumption WARNING",
            "error_rate WARNING",
            "system_instability CRITICAL",
            "regression WARNING");
    assertThat(new AlertEngine(base).accept(bad))
        .extracting(Alert::message)
        .contains(
            "this machine's memory 91.0 % above 90.0 %", "this machine's CPU 94.0 % above 90.0 %");
    assertThat(AlertType.values()).hasSize(11);
  }

  @Test
  void nothingMeasured_raisesNothing() {
    assertThat(
            engine.accept(
                new AlertWindow(
                    0, null, null, null, null, null, null, null, null, null, null, 0, 0)))
        .isEmpty();
  }
}
