package llmload.tokens;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import llmload.config.ConfigException;

/**
 * A model's own {@code tokenizer.json}, run by Hugging Face's native library.
 *
 * <p>The library is unpacked from its jar. It stays loaded, and its tokenizers with it, until the
 * process ends.
 */
final class HuggingFaceFileTokenizer implements Tokenizer {
  private static final String OFFLINE = "ai.djl.offline";

  private final String name;
  private final HuggingFaceTokenizer tokenizer;

  private HuggingFaceFileTokenizer(String name, HuggingFaceTokenizer tokenizer) {
    this.name = name;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a {@code tokenizer.json}.
   *
   * @throws ConfigException if the file is no tokenizer, or the native library does not load
   */
  static Tokenizer load(Path file) {
    return load(file, file.toString());
  }

  /**
   * The same under another name.
   *
   * @throws ConfigException if the file is no tokenizer, or the native library does not load
   */
  static Tokenizer load(Path file, String name) {
    // Otherwise the library reports its use to its makers, and on a machine with a GPU looks for a
    // build of itself that its jar does not hold.
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optAddSpecialTokens(false)
              .optTruncation(false)
              .optPadding(false)
              .build();
      return new HuggingFaceFileTokenizer(name, tokenizer);
    } catch (EngineException | LinkageError e) {
      throw new ConfigException(
          "tokenizer: Expecting a platform that the native tokenizer library supports. Found: "
              + platform()
              + " ("
              + e.getMessage()
              + "). Use an encoding: "
              + String.join(", ", Tokenizers.encodings())
              + ".");
    } catch (IOException | RuntimeException e) {
      // The native library reports a malformed file as a bare RuntimeException.
      throw new ConfigException(
          file + ": Expecting a Hugging Face tokenizer.json. Found: " + reason(file, e) + ".");
    }
  }

  private static String reason(Path file, Exception e) {
    return Files.isReadable(file) ? String.valueOf(e.getMessage()).strip() : "no readable file";
  }

  private static String platform() {
    String os = System.getProperty("os.name", "unknown");
    return os.toLowerCase(Locale.ROOT) + " " + System.getProperty("os.arch", "unknown");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int[] encode(String text) {
    long[] ids = tokenizer.encode(text, false, false).getIds();
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = Math.toIntExact(ids[i]);
    }
    return tokens;
  }
}
