package llmload.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import llmload.config.ConfigException;

/** Makes tokenizers from the setting that names them. */
public final class Tokenizers {
  private static final String FILE = "tokenizer.json";

  /** Reads an encoding's table when it is first asked for. */
  private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();

  private Tokenizers() {}

  /**
   * The tokenizer of a setting: an encoding's name, like {@code o200k_base}; or the path of a
   * {@code tokenizer.json}, or of a folder that holds one.
   *
   * @throws ConfigException if it is neither, or the file cannot be used
   */
  public static Tokenizer of(String setting) {
    Optional<EncodingType> encoding = EncodingType.fromName(setting);
    if (encoding.isPresent()) {
      return new EncodingTokenizer(REGISTRY.getEncoding(encoding.get()));
    }
    return HuggingFaceFileTokenizer.load(file(setting));
  }

  /**
   * The encoding {@code cl100k_base} in Hugging Face's native library: the same tokens as those of
   * {@code of("cl100k_base")}, cut by other code.
   *
   * @throws ConfigException if the library does not load
   * @throws IOException if its file cannot be made
   */
  public static Tokenizer nativeCl100k() throws IOException {
    Path folder = Files.createTempDirectory("llmload-tokenizer-");
    Path file = folder.resolve(FILE);
    try {
      Cl100kFile.write(file);
      return HuggingFaceFileTokenizer.load(file, "cl100k_base in Hugging Face's library");
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** The names of the encodings that need no file. */
  public static List<String> encodings() {
    return Arrays.stream(EncodingType.values()).map(EncodingType::getName).sorted().toList();
  }

  private static Path file(String setting) {
    try {
      Path path = Path.of(setting);
      Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
      if (!setting.isBlank() && Files.isRegularFile(file)) {
        return file.toAbsolutePath();
      }
    } catch (InvalidPathException e) {
      throw unknown(setting);
    }
    throw unknown(setting);
  }

  private static ConfigException unknown(String setting) {
    return new ConfigException(
        "tokenizer: Expecting one of "
            + String.join(", ", encodings())
            + ", or the path of a "
            + FILE
            + ". Found: "
            + setting
            + ".");
  }
}
