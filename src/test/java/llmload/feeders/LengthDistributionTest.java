package llmload.feeders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthDistributionTest {
  private static int[] draw(String text, int count) {
    IntSupplier lengths = LengthDistribution.parse(text).lengths(5);
    return IntStream.generate(lengths).limit(count).toArray();
  }

  @Test
  void fixed_isAlwaysTheSame() {
    assertThat(draw("128", 100)).containsOnly(128);
  }

  @Test
  void uniform_reachesBothEndsEvenly() {
    int[] lengths = draw("uniform:100..109", 100_000);

    assertThat(IntStream.of(lengths).distinct().sorted().toArray())
        .containsExactly(100, 101, 102, 103, 104, 105, 106, 107, 108, 109);
    // Each of ten lengths 10,000 times; the standard deviation is sqrt(100000·0.1·0.9) = 95.
    for (int length = 100; length <= 109; length++) {
      int wanted = length;
      assertThat(IntStream.of(lengths).filter(n -> n == wanted).count()).isBetween(9_500L, 10_500L);
    }
  }

  @Test
  void normal_hasItsMeanAndSpread() {
    int[] lengths = draw("normal:512,64", 40_000);

    // The mean's own standard deviation is 64/200 = 0.32, that of the deviation 64/√80000 = 0.23.
    double mean = IntStream.of(lengths).average().orElseThrow();
    double variance =
        IntStream.of(lengths).mapToDouble(n -> (n - mean) * (n - mean)).sum() / 40_000;
    assertThat(mean).isCloseTo(512, within(1.5));
    assertThat(Math.sqrt(variance)).isCloseTo(64, within(1.2));
  }

  @Test
  void normal_farBelowOne_isCutThere() {
    assertThat(IntStream.of(draw("normal:2,50", 1_000)).min()).hasValue(1);
  }

  @Test
  void lengths_sameSeed_areTheSame() {
    assertThat(draw("normal:512,64", 50)).isEqualTo(draw("normal:512,64", 50));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "short | Expecting a length such as 128, normal:512,64 or uniform:100..200. Found: short.",
        "normal:512 | Expecting a length such as 128, normal:512,64 or uniform:100..200. Found: normal:512.",
        "-5 | Expecting a length such as 128, normal:512,64 or uniform:100..200. Found: -5.",
        "0 | Expecting lengths from 1 to 10000000 tokens. Found: 0.",
        "20000000 | Expecting lengths from 1 to 10000000 tokens. Found: 20000000.",
        "uniform:200..100 | Expecting the lesser length first. Found: uniform:200..100."
      })
  void text_thatIsNone_isRefused(String text, String message) {
    assertThatThrownBy(() -> LengthDistribution.parse(text)).hasMessage(message);
  }
}
