package llmload.tokens;

import com.knuddels.jtokkit.api.Encoding;

/** One of OpenAI's published encodings. */
final class EncodingTokenizer implements Tokenizer {
  private final Encoding encoding;

  EncodingTokenizer(Encoding encoding) {
    this.encoding = encoding;
  }

  @Override
  public String name() {
    return encoding.getName();
  }

  @Override
  public int[] encode(String text) {
    return encoding.encodeOrdinary(text).toArray();
  }

  @Override
  public int count(String text) {
    return encoding.countTokensOrdinary(text);
  }
}
