package llmload.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {

  // The ids are those that OpenAI's cookbook prints for tiktoken.
  @Test
  void encodings_publishedExamples_agree() {
    Tokenizer cl100k = Tokenizers.of("cl100k_base");
    Tokenizer o200k = Tokenizers.of("o200k_base");

    assertThat(cl100k.encode("tiktoken is great!")).containsExactly(83, 1609, 5963, 374, 2294, 0);
    assertThat(cl100k.encode("antidisestablishmentarianism"))
        .containsExactly(519, 85342, 34500, 479, 8997, 2191);
    assertThat(o200k.encode("antidisestablishmentarianism"))
        .containsExactly(493, 129901, 376, 160388, 21203, 2367);
    assertThat(Tokenizers.of("r50k_base").encode("antidisestablishmentarianism"))
        .containsExactly(415, 29207, 44390, 3699, 1042);
    assertThat(cl100k.count("tiktoken is great!")).isEqualTo(6);
    assertThat(o200k.name()).isEqualTo("o200k_base");
  }

  @Test
  void encodings_nameOfASpecialToken_isText() {
    assertThat(Tokenizers.of("cl100k_base").count("<|endoftext|>")).isGreaterThan(1);
    assertThat(Tokenizers.of("cl100k_base").count("")).isZero();
  }

  @Test
  void everyEncoding_listed_exists() {
    assertThat(Tokenizers.encodings())
        .containsExactly("cl100k_base", "o200k_base", "p50k_base", "p50k_edit", "r50k_base")
        .allSatisfy(name -> assertThat(Tokenizers.of(name).count("a")).isEqualTo(1));
  }

  @Test
  void file_wordLevel_readsItsVocabulary() throws URISyntaxException {
    Tokenizer tokenizer = Tokenizers.of(fixture().toString());

    // Lower-cased, cut at spaces and punctuation; hath is unknown. Its [CLS] is not added.
    assertThat(tokenizer.encode("And the LORD hath said,")).containsExactly(2, 3, 4, 0, 5, 6);
    assertThat(tokenizer.count("")).isZero();
    assertThat(tokenizer.name()).isEqualTo(fixture().toString());
  }

  @Test
  void file_withTruncation_isNotTruncated() throws URISyntaxException {
    Tokenizer tokenizer = Tokenizers.of(fixture().resolveSibling("").toString());

    // The file cuts at 4 tokens, and the library by itself at 512.
    String text = "the ".repeat(5_000);
    assertThat(tokenizer.count(text)).isEqualTo(5_000);
    assertThat(IntStream.of(tokenizer.encode(text))).containsOnly(3);
  }

  @Test
  void setting_neitherNameNorFile_listsTheNames(@TempDir Path folder) {
    for (String setting : new String[] {"gpt5", "", folder.toString(), "a\0b"}) {
      assertThatThrownBy(() -> Tokenizers.of(setting))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "tokenizer: Expecting one of cl100k_base, o200k_base, p50k_base, p50k_edit, r50k_base,"
                  + " or the path of a tokenizer.json. Found: "
                  + setting
                  + ".");
    }
  }

  @Test
  void file_malformed_isRefusedWithItsPath(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 7}");

    assertThatThrownBy(() -> Tokenizers.of(file.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ": Expecting a Hugging Face tokenizer.json. Found: ");
  }

  private static Path fixture() throws URISyntaxException {
    return Path.of(TokenizersTest.class.getResource("/fixtures/tokens/tokenizer.json").toURI());
  }
}
