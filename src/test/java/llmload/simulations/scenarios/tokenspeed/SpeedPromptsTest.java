package llmload.simulations.scenarios.tokenspeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import llmload.config.ConfigException;
import llmload.feeders.Nonce;
import llmload.run.ProjectFolder;
import llmload.tokens.Tokenizer;
import llmload.tokens.Tokenizers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeedPromptsTest {
  private static final Tokenizer CL100K = Tokenizers.of("cl100k_base");

  private static SpeedPrompts prompts(@Nullable Nonce nonce) {
    return new SpeedPrompts(
        ProjectFolder.find(), Map.of("own", "Say hello."), nonce, 42, CL100K::count);
  }

  // The document: short 10 to 20 tokens, medium 50 to 100, long 200 or more, code of any length.
  @ParameterizedTest
  @CsvSource({"short,10,20", "medium,50,100", "long,200,1000000", "code_generation,1,1000000"})
  void texts_asTheyAreSent_haveTheStatedLength_andNoTwoAreAlike(String sort, int least, int most) {
    Supplier<String> texts = prompts(new Nonce(42, "run")).of(sort);
    Set<String> starts = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      String text = texts.get();
      assertThat(CL100K.count(text)).as(text).isBetween(least, most);
      starts.add(text.substring(0, 10));
    }
    assertThat(starts).hasSize(300);
  }

  @Test
  void withoutTags_textsAreThoseOfTheFile() {
    Supplier<String> texts = prompts(null).of("short");
    for (int i = 0; i < 100; i++) {
      assertThat(texts.get()).doesNotStartWith("[");
    }
  }

  @Test
  void customPrompt_isSentAsGiven() {
    assertThat(prompts(null).of("own").get()).isEqualTo("Say hello.");
    assertThat(prompts(new Nonce(1, "run")).of("own").get()).endsWith("] Say hello.");
  }

  @Test
  void unknownSort_isRefused() {
    assertThatThrownBy(() -> prompts(null).of("poem"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("poem");
  }
}
