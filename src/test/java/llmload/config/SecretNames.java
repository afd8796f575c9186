package llmload.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells from the name of a setting, header or query parameter whether its value is a secret. */
final class SecretNames {
  private static final Set<String> SECRET_WORDS =
      Set.of(
          "key",
          "token",
          "secret",
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "authorization",
          "auth",
          "cookie",
          "credential",
          "credentials",
          "signature",
          "sig",
          "jwt");

  // Words written as one, as in apikey=...; "token" is left to the whole word, or prompt_eos_token
  // and the like would count.
  private static final List<String> SECRET_ENDINGS =
      List.of("apikey", "accesskey", "secretkey", "privatekey", "password", "secret");

  // A token that is counted or timed is a token of a model.
  private static final Set<String> MODEL_TOKEN_WORDS =
      Set.of("first", "last", "next", "per", "max", "min", "input", "output", "stop", "eos", "bos");

  // The name of a header, or the path of a file, that holds a secret is none.
  private static final Set<String> POINTERS = Set.of("file", "path", "header", "name", "count");

  private SecretNames() {}

  static boolean isSecret(String name) {
    List<String> words = words(name);
    if (words.isEmpty() || POINTERS.contains(words.get(words.size() - 1))) {
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean modelToken =
          word.equals("token") && i > 0 && MODEL_TOKEN_WORDS.contains(words.get(i - 1));
      if (SECRET_WORDS.contains(word) && !modelToken) {
        return true;
      }
      if (SECRET_ENDINGS.stream().anyMatch(word::endsWith)) {
        return true;
      }
    }
    return false;
  }

  /** {@code name} in lower-case words: {@code X-Api-Key} and {@code xApiKey} alike. */
  static List<String> words(String name) {
    String spaced =
        name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").replaceAll("[^A-Za-z0-9]+", " ").strip();
    return spaced.isEmpty()
        ? List.of()
        : Arrays.asList(spaced.toLowerCase(Locale.ROOT).split(" ", -1));
  }
}
