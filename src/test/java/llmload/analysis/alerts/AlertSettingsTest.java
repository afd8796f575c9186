package llmload.analysis.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import llmload.config.SettingsReader;
import org.junit.jupiter.api.Test;

class AlertSettingsTest {
  private static SettingsReader reader(Map<String, String> given) {
    return SettingsReader.of(given, Map.of(), Map.of(), "none");
  }

  @Test
  void nothingGiven_isWatchedOnlyWhereTheWorkloadIs() {
    assertThat(AlertSettings.read(reader(Map.of()), false)).isEmpty();
    assertThat(AlertSettings.read(reader(Map.of()), true))
        .hasValue(new AlertSettings(AlertLimits.MINIBIAI, Duration.ofSeconds(5)));
    assertThat(AlertSettings.read(reader(Map.of("llm.alerts.limits", "none")), true)).isEmpty();
  }

  @Test
  void limits_areReadAgainFromTheRunsRecord() {
    SettingsReader reader =
        reader(
            Map.of(
                "llm.alerts.limits", "minibiai",
                "llm.alerts.ttft", "40ms",
                "llm.alerts.retrieval", "50ms",
                "llm.alerts.gpuCelsius", "85",
                "llm.alerts.window", "10s"));
    Optional<AlertSettings> read = AlertSettings.read(reader, false);
    reader.requireNoProblems();

    AlertLimits limits = read.orElseThrow().limits();
    assertThat(limits.ttftMillis()).isEqualTo(40);
    assertThat(limits.retrievalMillis()).isEqualTo(50);
    assertThat(limits.gpuCelsius()).isEqualTo(85.0);
    assertThat(limits.gpuRatio()).isNull();
    assertThat(limits.tokensPerSecond()).isEqualTo(30);
    assertThat(read.orElseThrow().window()).isEqualTo(Duration.ofSeconds(10));
    assertThat(AlertSettings.of(reader.resolved())).isEqualTo(read);
    assertThat(AlertSettings.of(Map.of("users", "4"))).isEmpty();
  }

  @Test
  void shortWindowsAndUnknownWords_areRefused() {
    SettingsReader brief =
        reader(Map.of("llm.alerts.limits", "minibiai", "llm.alerts.window", "500ms"));
    var unused = AlertSettings.read(brief, false);
    assertThatThrownBy(brief::requireNoProblems)
        .hasMessageContaining(
            "llm.alerts.window: Expecting a duration of at least 1s. Found: 500ms");
    SettingsReader idle = reader(Map.of("llm.alerts.ttft", "40ms"));
    assertThat(AlertSettings.read(idle, false)).isEmpty();
    assertThatThrownBy(idle::requireNoProblems)
        .hasMessageContaining(
            "llm.alerts.ttft: Expecting it only with alerts.limits, which is none. Found: 40ms.");
    SettingsReader wrong = reader(Map.of("llm.alerts.limits", "loud"));
    var unusedToo = AlertSettings.read(wrong, false);
    assertThatThrownBy(wrong::requireNoProblems)
        .hasMessageContaining("llm.alerts.limits: Expecting one of none, minibiai. Found: loud");
  }
}
