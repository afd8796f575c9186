package llmload.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the user gave, in three layers: system properties over environment over profile; below them
 * what a workload gives itself.
 */
final class GivenSettings {
  private static final String PREFIX = "llm.";
  private static final String ENVIRONMENT_PREFIX = "LLM_";

  /** The API key itself: read elsewhere, as a secret. */
  private static final String API_KEY_VARIABLE = "LLM_API_KEY";

  /** A value and where it comes from. */
  record Given(Object value, String origin) {}

  private final Map<String, String> properties;
  private final Map<String, String> environment;

  /** Scalars and lists by dotted key: a key may have both a value and keys below it. */
  private final Map<String, Object> profile = new LinkedHashMap<>();

  private final Map<String, Given> lowest = new LinkedHashMap<>();
  private final List<String> twice = new ArrayList<>();
  private final String profileOrigin;

  GivenSettings(
      Map<String, String> properties,
      Map<String, String> environment,
      Map<String, @Nullable Object> profile,
      String profileName) {
    this.properties = properties;
    this.environment = environment;
    this.profileOrigin = "profile " + profileName;
    flatten("", profile);
  }

  private void flatten(String prefix, Map<?, ?> mapping) {
    for (Map.Entry<?, ?> entry : mapping.entrySet()) {
      String key = prefix + entry.getKey();
      Object value = entry.getValue();
      if (value instanceof Map<?, ?> nested) {
        flatten(key + ".", nested);
      } else if (value != null && profile.put(key, value) != null) {
        twice.add(key);
      }
    }
  }

  /** The value of {@code key} that counts; an empty environment variable counts as not set. */
  @Nullable Given find(String key) {
    String property = properties.get(PREFIX + key);
    if (property != null) {
      return new Given(property, "-D" + PREFIX + key);
    }
    String variable = KnownKeys.environmentName(key);
    String value = environment.get(variable);
    if (value != null && !value.isEmpty() && !variable.equals(API_KEY_VARIABLE)) {
      return new Given(value, variable);
    }
    Object inProfile = profile.get(key);
    return inProfile == null ? lowest.get(key) : new Given(inProfile, profileOrigin);
  }

  /** Takes values for keys that nobody gives; of several for one key, the first counts. */
  void below(String origin, Map<String, Object> values) {
    values.forEach((key, value) -> lowest.putIfAbsent(key, new Given(value, origin)));
  }

  /** The profile's entries below {@code key}, nested and dotted ones alike. */
  Map<String, Object> profileEntries(String key) {
    String prefix = key + ".";
    Map<String, Object> entries = new LinkedHashMap<>();
    profile.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            entries.put(name.substring(prefix.length()), value);
          }
        });
    return entries;
  }

  /** What the profile is called where a value comes from it. */
  String profileOrigin() {
    return profileOrigin;
  }

  /** Tells {@code problems} each name that means nothing, and each that must not be there. */
  void check(KnownKeys known, Consumer<String> problems) {
    for (String name : new TreeSet<>(properties.keySet())) {
      if (name.startsWith(PREFIX)) {
        String key = name.substring(PREFIX.length());
        if (isApiKey(key)) {
          problems.accept(apiKeyProblem(name, "a value on the command line"));
        } else if (!known.contains(key)) {
          problems.accept(unknown(name, known.nearest(key).map(PREFIX::concat).orElse(null)));
        }
      }
    }
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(ENVIRONMENT_PREFIX)
          && !name.equals(API_KEY_VARIABLE)
          && !environment.getOrDefault(name, "").isEmpty()) {
        if (isApiKey(name.substring(ENVIRONMENT_PREFIX.length()))) {
          problems.accept(apiKeyProblem(name, "a variable of another name"));
        } else if (!known.containsEnvironmentName(name)) {
          problems.accept(unknown(name, known.nearestEnvironmentName(name).orElse(null)));
        }
      }
    }
    for (String key : twice) {
      problems.accept(profileOrigin + ": " + key + ": Expecting it once. Found: it twice.");
    }
    profile.forEach(
        (key, value) -> {
          if (isApiKey(key)) {
            problems.accept(apiKeyProblem(profileOrigin + ": " + key, "a value in a profile"));
          } else if (!known.contains(key) && !known.containsMapAbove(key)) {
            String plain = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
            problems.accept(unknown(profileOrigin + ": " + key, known.nearest(plain).orElse(null)));
          }
        });
  }

  private static boolean isApiKey(String key) {
    String letters = key.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    return letters.startsWith("apikey")
        && !letters.equals("apikeyfile")
        && !letters.equals("apikeyheader");
  }

  private static String apiKeyProblem(String name, String found) {
    return name
        + ": Expecting the API key in the environment variable "
        + API_KEY_VARIABLE
        + " or in the file that llm.apiKeyFile names. Found: "
        + found
        + ". Take it out there, since others can read it, and set it here.";
  }

  private static String unknown(String name, @Nullable String nearest) {
    return name
        + ": Expecting a known setting. Found: an unknown name."
        + (nearest == null ? "" : " Did you mean " + nearest + "?");
  }
}
