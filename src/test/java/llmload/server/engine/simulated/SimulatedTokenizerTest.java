package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import llmload.server.engine.FinishReason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedTokenizerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "word;1",
        " word;1",
        "longer;2", // "longe" "r"
        "two words;2", // "two" " words"
        "a  b;3", // "a" " " " b"
        "naïve;1",
        "世界;2",
        "x🙂y;3",
        "<|im_start|>user;2",
        "end<|im_end|>;2",
      })
  void text_isCutByTheRule(String text, int expected) {
    assertThat(SimulatedTokenizer.tokenize(text)).hasSize(expected);
  }

  @Test
  void lineFeed_isATokenOfItsOwn() {
    assertThat(SimulatedTokenizer.tokenize("a\nb")).hasSize(3);
    assertThat(SimulatedTokenizer.tokenize("")).isEmpty();
  }

  @Test
  void sameWords_haveTheSameTokens() {
    int[] tokens = SimulatedTokenizer.tokenize(" one two one");

    assertThat(tokens).hasSize(3);
    assertThat(tokens[0]).isEqualTo(tokens[2]).isNotEqualTo(tokens[1]).isNotNegative();
  }

  @Property(tries = 300)
  void anyText_isCutIntoAtMostItsCharacters(@ForAll String text) {
    assertThat(SimulatedTokenizer.tokenize(text).length)
        .isBetween(text.isEmpty() ? 0 : 1, text.length());
  }

  @Test
  void answer_readBack_hasTheTokensItWasSaidWith() {
    SimulatedText text = new SimulatedText(true);
    Answer answer = new Answer(text, 5, 0, 2_000, 2_000, null, false, FinishReason.STOP);
    StringBuilder said = new StringBuilder();
    int[] tokens = IntStream.range(0, 2_000).map(place -> answer.append(place, said)).toArray();

    assertThat(SimulatedTokenizer.tokenize(said.toString())).isEqualTo(tokens);
    assertThat(said.chars().anyMatch(c -> c > 127)).isTrue();
  }
}
