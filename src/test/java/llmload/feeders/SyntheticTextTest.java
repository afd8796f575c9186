package llmload.feeders;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticTextTest {
  private static final Encoding CL100K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1_024, 5_000})
  void text_withATokenizer_hasExactlyThatLength(int length) {
    String text = new SyntheticText(CL100K::countTokensOrdinary, 3).next("", length);

    assertThat(CL100K.countTokensOrdinary(text)).isEqualTo(length);
  }

  @Test
  void text_withAStart_countsItToo() {
    String text = new SyntheticText(CL100K::countTokensOrdinary, 3).next("[9f3a01bc]", 64);

    assertThat(text).startsWith("[9f3a01bc] ");
    assertThat(CL100K.countTokensOrdinary(text)).isEqualTo(64);
  }

  @Test
  void start_longerThanAsked_staysAlone() {
    assertThat(new SyntheticText(CL100K::countTokensOrdinary, 3).next("one two three four", 2))
        .isEqualTo("one two three four");
  }

  @Test
  void text_withoutTokenizer_isThreeWordsForFourTokens() {
    SyntheticText texts = new SyntheticText(null, 3);

    assertThat(texts.next("", 400).split(" ")).hasSize(300);
    assertThat(texts.next("[tag]", 4).split(" ")).hasSize(3).startsWith("[tag]");
  }

  @Test
  void texts_ofOneSource_differAndRepeatWithTheSeed() {
    SyntheticText texts = new SyntheticText(null, 3);
    String first = texts.next("", 50);

    assertThat(texts.next("", 50)).isNotEqualTo(first);
    assertThat(new SyntheticText(null, 3).next("", 50)).isEqualTo(first);
    assertThat(new SyntheticText(null, 4).next("", 50)).isNotEqualTo(first);
  }
}
