package llmload.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | 0
          5 | 5
          1234567.8 | 1,234,568
          1234.5 | 1,234
          999.95 | 1,000
          123.449 | 123.4
          12.3456 | 12.35
          1.23456 | 1.235
          0.123456 | 0.1235
          0.000012345 | 0.000012
          -2314.4 | -2,314
          1E15 | 1,000,000,000,000,000
          NaN | -
          Infinity | -
          """)
  void number_hasFourSignificantDigitsAndNoExponent(double value, String shown) {
    assertThat(Figures.of(value)).isEqualTo(shown);
  }

  @Test
  void number_thatIsAbsent_isADash() {
    assertThat(Figures.of(null)).isEqualTo("-");
    assertThat(Figures.count(null)).isEqualTo("-");
    assertThat(Figures.percent(null)).isEqualTo("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2000.3 | 2000 | 2,000.3
          2000.0004 | 2000 | 2,000.0004
          2000 | 2000 | 2,000
          2314.4 | 2000 | 2,314
          0.0100001 | 0.01 | 0.0100001
          """)
  void number_besideItsLimit_neverLooksEqualWhereItIsNot(double value, double limit, String shown) {
    assertThat(Figures.against(value, limit)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.0421 | +4.2 %
          -0.157 | -15.7 %
          0 | 0.0 %
          -0.00015 | -<0.1 %
          0.0001 | +<0.1 %
          12.5 | +1,250.0 %
          """)
  void share_isASignedPercentage(double ratio, String shown) {
    assertThat(Figures.signedPercent(ratio)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.85 | 850 ms
          12.34 | 12.34 s
          245.2 | 4 min 05 s
          7380 | 2 h 03 min
          """)
  void seconds_areReadable(double seconds, String shown) {
    assertThat(Figures.duration(seconds)).isEqualTo(shown);
  }

  /** Ten samples must lie beyond: count × tail ≥ 10. */
  @ParameterizedTest
  @CsvSource({
    "p50, 19, true", "p50, 20, false", "p99, 999, true", "p99, 1000, false",
    "p99.9, 9999, true", "p99.9, 10000, false", "p95, 199, true", "p95, 200, false",
  })
  void percentile_withFewerThanTenSamplesBeyond_isDoubtful(
      String percentile, long count, boolean doubtful) {
    assertThat(Figures.isDoubtful(percentile, count)).isEqualTo(doubtful);
  }

  @Test
  void numbers_inAnotherLocale_areTheSame() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));

    assertThat(Figures.of(1234567.8)).isEqualTo("1,234,568");
    assertThat(Figures.count(1234L)).isEqualTo("1,234");
    assertThat(Figures.duration(245)).isEqualTo("4 min 05 s");
  }
}
