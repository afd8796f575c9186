package llmload.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.config.Secret;
import llmload.config.SettingsReader;

/**
 * Finds the API key where a secret may be: in the environment, in a file, or in the file {@code
 * .env} of the project's folder; never in a -D.
 */
final class ApiKey {
  private static final List<String> VARIABLES = List.of("LLM_API_KEY", "OPENAI_API_KEY", "API_KEY");

  private ApiKey() {}

  /**
   * The key of the file that {@code apiKeyFile} names, else of the first variable that is set, else
   * of the first that {@code .env} sets.
   */
  static Optional<Secret> find(
      SettingsReader settings, Map<String, String> environment, Path root) {
    Optional<String> file = settings.text("apiKeyFile");
    if (file.isPresent()) {
      return fromFile(settings, root.resolve(file.get()));
    }
    return firstOf(environment).or(() -> firstOf(dotEnv(settings, root.resolve(".env"))));
  }

  private static Optional<Secret> firstOf(Map<String, String> variables) {
    return VARIABLES.stream()
        .map(variables::get)
        .filter(value -> value != null && !value.isBlank())
        .map(value -> new Secret(unquoted(value.strip())))
        .findFirst();
  }

  /** Lines {@code NAME=value}, with or without {@code export}; others are not looked at. */
  private static Map<String, String> dotEnv(SettingsReader settings, Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    Map<String, String> variables = new HashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String assignment = line.strip().replaceFirst("^export\\s+", "");
        int equals = assignment.indexOf('=');
        if (equals > 0 && !assignment.startsWith("#")) {
          variables.put(assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
        }
      }
    } catch (IOException e) {
      settings.problem(".env: Expecting a readable text file. Found: " + file + ".");
    }
    return variables;
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
