package llmload.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.config.Secret;
import llmload.config.SettingsReader;

/** Finds the API key where a secret may be: in the environment or in a file, never in a -D. */
final class ApiKey {
  private static final List<String> VARIABLES = List.of("LLM_API_KEY", "OPENAI_API_KEY", "API_KEY");

  private ApiKey() {}

  /** The key of the file that {@code apiKeyFile} names, else of the first variable that is set. */
  static Optional<Secret> find(
      SettingsReader settings, Map<String, String> environment, Path root) {
    Optional<String> file = settings.text("apiKeyFile");
    if (file.isPresent()) {
      return fromFile(settings, root.resolve(file.get()));
    }
    return VARIABLES.stream()
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .map(value -> new Secret(unquoted(value.strip())))
        .findFirst();
  }

  private static Optional<Secret> fromFile(SettingsReader settings, Path path) {
    try {
      String key = unquoted(Files.readString(path).strip());
      if (!key.isEmpty() && key.lines().count() == 1) {
        return Optional.of(new Secret(key));
      }
      settings.problem("llm.apiKeyFile: Expecting a file with one line. Found: " + path + ".");
    } catch (IOException e) {
      settings.problem("llm.apiKeyFile: Expecting a readable file. Found: " + path + ".");
    }
    return Optional.empty();
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
