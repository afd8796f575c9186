package llmload.analysis.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard: tok/s ≥ 30 green, ≥ 25 yellow; TTFT < 5, < 10 ms; memory < 80, < 90 %. */
class AlertColourTest {
  private static final AlertLimits LIMITS = AlertLimits.MINIBIAI;

  @ParameterizedTest
  @CsvSource({"30, GREEN", "29.9, YELLOW", "25, YELLOW", "24.9, RED"})
  void tokensPerSecond_isGreenFrom30_andYellowFrom25(double value, AlertColour colour) {
    assertThat(AlertColour.ofTokensPerSecond(value, LIMITS)).isEqualTo(colour);
  }

  @ParameterizedTest
  @CsvSource({"4.9, GREEN", "5, YELLOW", "9.9, YELLOW", "10, RED"})
  void ttft_isGreenBelow5_andYellowBelow10(double millis, AlertColour colour) {
    assertThat(AlertColour.ofTtft(millis, LIMITS)).isEqualTo(colour);
  }

  @ParameterizedTest
  @CsvSource({"0.79, GREEN", "0.801, YELLOW", "0.89, YELLOW", "0.9, RED"})
  void memory_isGreenBelow80_andYellowBelow90(double ratio, AlertColour colour) {
    assertThat(AlertColour.ofMemory(ratio, LIMITS)).isEqualTo(colour);
  }
}
