package llmload.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenizerTrialTest {
  private final AtomicLong clock = new AtomicLong(5_000);

  /** A token a character; each call takes a millisecond. */
  private final Tokenizer slow =
      new Tokenizer() {
        @Override
        public String name() {
          return "slow";
        }

        @Override
        public int[] encode(String text) {
          clock.addAndGet(1_000_000);
          return new int[text.length()];
        }
      };

  @Test
  void calls_areTimedWithoutTheFirst() {
    TokenizerTrial.Result result = new TokenizerTrial(slow, clock::get).calls("abcde", 40);
    // 40 calls of 1 ms and 5 tokens; a 41st one came before.
    assertThat(result).isEqualTo(new TokenizerTrial.Result(40_000_000, 40, 200));
    assertThat(clock.get()).isEqualTo(41_005_000);
  }

  @Test
  void sustained_takesTheTextsInTurn_untilTheTimeIsOver() {
    TokenizerTrial.Result result =
        new TokenizerTrial(slow, clock::get).sustained(List.of("ab", "abcd"), Duration.ofMillis(5));
    // 2 + 4 + 2 + 4 + 2 tokens in 5 calls.
    assertThat(result).isEqualTo(new TokenizerTrial.Result(5_000_000, 5, 14));
  }

  /** jtokkit is the oracle of the file that is made of its table. */
  @Test
  void nativeCl100k_cutsTextsIntoTheSameTokens() throws IOException {
    Tokenizer expected = Tokenizers.of("cl100k_base");
    Tokenizer made = Tokenizers.nativeCl100k();
    for (String text :
        List.of(
            "tiktoken is great!",
            "antidisestablishmentarianism",
            "It's 12345 o'clock,  isn't it?\r\n\n  Yes!",
            "int mid(int low, int high) {\n  return (low + high) / 2;\n}\n",
            "Grüße aus Köln, 東京 и Москва \uD83D\uDE00\uD83D\uDC4D\uD83C\uDFFD",
            "\t\t a\u00A0b\u0000c \u200D ",
            "")) {
      assertThat(made.encode(text)).as(text).isEqualTo(expected.encode(text));
    }
    assertThat(made.encode("tiktoken is great!")).containsExactly(83, 1609, 5963, 374, 2294, 0);
  }
}
