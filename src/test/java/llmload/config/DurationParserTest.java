package llmload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationParserTest {

  @ParameterizedTest
  @CsvSource({
    "250ms, 250",
    "30s, 30000",
    "1.5s, 1500",
    "5m, 300000",
    "1h, 3600000",
    "0, 0",
    "0s, 0",
    "' 2s ', 2000"
  })
  void duration_isParsed(String text, long millis) {
    assertThat(DurationParser.parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "5 s", "5S", "5d", "1e3s", "NaN", "٣s", "9999999999h"})
  void anythingElse_isNone(String text) {
    assertThat(DurationParser.parse(text)).isEmpty();
  }

  @Test
  void format_takesTheLargestWholeUnit() {
    assertThat(DurationParser.format(Duration.ofMillis(250))).isEqualTo("250ms");
    assertThat(DurationParser.format(Duration.ofSeconds(90))).isEqualTo("90s");
    assertThat(DurationParser.format(Duration.ofMinutes(5))).isEqualTo("5m");
    assertThat(DurationParser.format(Duration.ofHours(49))).isEqualTo("49h");
    assertThat(DurationParser.format(Duration.ZERO)).isEqualTo("0s");
  }
}
