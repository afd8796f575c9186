package llmload.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import llmload.config.GivenSettings.Given;
import org.jspecify.annotations.Nullable;

/**
 * Typed reads of settings: {@code -Dllm.timeout.idle} over the environment's {@code
 * LLM_TIMEOUT_IDLE} over the profile's {@code timeout: {idle: …}}.
 *
 * <p>Keys are written without prefix. A value that cannot be used is noted and its fallback
 * returned, so that {@link #requireNoProblems} reports everything at once. Values whose key looks
 * secret are never shown. One thread only.
 */
public final class SettingsReader {
  private static final String DEFAULT_ORIGIN = "default";
  private static final int SHOWN_CHARACTERS = 120;
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final GivenSettings given;
  private final KnownKeys known = new KnownKeys();
  private final Set<String> problems = new LinkedHashSet<>();
  private final List<String> notices = new ArrayList<>();
  private final Map<String, String> resolved = new LinkedHashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();

  private SettingsReader(GivenSettings given) {
    this.given = given;
  }

  /**
   * A reader of the three layers; of the first two only {@code llm.*} and {@code LLM_*} are looked
   * at, and {@code LLM_API_KEY} is not.
   *
   * @param profileName what messages call the profile
   */
  public static SettingsReader of(
      Map<String, String> systemProperties,
      Map<String, String> environment,
      Map<String, @Nullable Object> profileYaml,
      String profileName) {
    return new SettingsReader(
        new GivenSettings(systemProperties, environment, profileYaml, profileName));
  }

  /**
   * Gives values for keys, without prefix, that no layer has: what a choice of the user's implies.
   * Of several for one key, the first counts.
   *
   * @param origin where they come from, for messages: {@code suite.type full}
   */
  public void below(String origin, Map<String, Object> values) {
    given.below(origin, values);
  }

  /** Notes what the user should know and need not change: a whole sentence. */
  public void notice(String sentence) {
    notices.add(sentence);
  }

  /** Every notice so far. */
  public List<String> notices() {
    return List.copyOf(notices);
  }

  /** Names keys that exist though nobody reads them here; {@code validity.*} names all below. */
  public void known(String... keys) {
    for (String key : keys) {
      known.add(key);
    }
  }

  /** The environment's variable of {@code key}: {@code LLM_TIMEOUT_IDLE}. */
  public static String environmentName(String key) {
    return KnownKeys.environmentName(key);
  }

  /** The text of {@code key}, if it is given. */
  public Optional<String> text(String key) {
    return read(key, "text", Optional::of);
  }

  /** The text of {@code key}. */
  public String text(String key, String fallback) {
    return text(key).orElseGet(() -> byDefault(key, fallback, fallback));
  }

  /** The whole number of {@code key}, if it is given and within the bounds, both included. */
  public OptionalInt integer(String key, int min, int max) {
    Optional<Long> value = whole(key, NumberRules.wholeRule(min, max, Integer.MAX_VALUE), min, max);
    return value.isPresent() ? OptionalInt.of(Math.toIntExact(value.get())) : OptionalInt.empty();
  }

  /** The whole number of {@code key}, within the bounds, both included. */
  public int integer(String key, int fallback, int min, int max) {
    OptionalInt value = integer(key, min, max);
    return value.isPresent()
        ? value.getAsInt()
        : byDefault(key, fallback, String.valueOf(fallback));
  }

  /** As {@link #integer(String, int, int)}, for numbers up to 18 digits. */
  public OptionalLong longNumber(String key, long min, long max) {
    Optional<Long> value = whole(key, NumberRules.wholeRule(min, max, Long.MAX_VALUE), min, max);
    return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
  }

  /** As {@link #integer(String, int, int, int)}, for numbers up to 18 digits. */
  public long longNumber(String key, long fallback, long min, long max) {
    OptionalLong value = longNumber(key, min, max);
    return value.isPresent()
        ? value.getAsLong()
        : byDefault(key, fallback, String.valueOf(fallback));
  }

  /** The number of {@code key}, if it is given and within the bounds, both included. */
  public OptionalDouble number(String key, double min, double max) {
    String rule =
        NumberRules.bounds(
            "a number",
            min == -Double.MAX_VALUE ? null : NumberRules.plain(min),
            max == Double.MAX_VALUE ? null : NumberRules.plain(max));
    Optional<Double> value =
        read(
            key,
            rule,
            text ->
                Optional.of(text.strip())
                    .filter(DECIMAL.asMatchPredicate())
                    .map(Double::valueOf)
                    .filter(number -> number >= min && number <= max));
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }

  /** The number of {@code key}, within the bounds, both included. */
  public double number(String key, double fallback, double min, double max) {
    OptionalDouble value = number(key, min, max);
    return value.isPresent()
        ? value.getAsDouble()
        : byDefault(key, fallback, NumberRules.plain(fallback));
  }

  /** Whether {@code key} is {@code true}, if it is given. */
  public Optional<Boolean> flag(String key) {
    return choice(key, "true or false", Map.of("true", true, "false", false));
  }

  /** Whether {@code key} is {@code true}. */
  public boolean flag(String key, boolean fallback) {
    return flag(key).orElseGet(() -> byDefault(key, fallback, String.valueOf(fallback)));
  }

  /** The duration of {@code key}, such as {@code 250ms}, {@code 30s}, {@code 5m}, if given. */
  public Optional<Duration> duration(String key) {
    return read(key, DurationParser.RULE, DurationParser::parse);
  }

  /** The duration of {@code key}. */
  public Duration duration(String key, Duration fallback) {
    return duration(key).orElseGet(() -> byDefault(key, fallback, DurationParser.format(fallback)));
  }

  /** The words of {@code key}, a YAML list or text parted by commas, if given. May be empty. */
  public Optional<List<String>> list(String key) {
    Given found = find(key);
    if (found != null && found.value() instanceof List<?> values) {
      if (values.stream().anyMatch(v -> v == null || v instanceof List || v instanceof Map)) {
        reject(key, "a list of words");
        return Optional.empty();
      }
      List<String> words = values.stream().map(String::valueOf).toList();
      note(key, String.join(",", words), found.origin());
      return Optional.of(words);
    }
    return read(
        key,
        "a list of words",
        text ->
            Optional.of(
                Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList()));
  }

  /** The words of {@code key}. */
  public List<String> list(String key, List<String> fallback) {
    return list(key).orElseGet(() -> byDefault(key, fallback, String.join(",", fallback)));
  }

  /** The word of {@code key}, one of {@code allowed} whatever its case, if given. */
  public Optional<String> choice(String key, List<String> allowed) {
    Map<String, String> words = new LinkedHashMap<>();
    allowed.forEach(word -> words.put(word, word));
    return choice(key, words);
  }

  /** The word of {@code key}, one of {@code allowed} whatever its case. */
  public String choice(String key, List<String> allowed, String fallback) {
    return choice(key, allowed).orElseGet(() -> byDefault(key, fallback, fallback));
  }

  /** What the word of {@code key} stands for in {@code words}, if given; case does not count. */
  public <E> Optional<E> choice(String key, Map<String, E> words) {
    return choice(key, "one of " + String.join(", ", words.keySet()), words);
  }

  /** What the word of {@code key} stands for in {@code words}; case does not count. */
  public <E> E choice(String key, Map<String, E> words, E fallback) {
    return choice(key, words)
        .orElseGet(
            () -> {
              String word =
                  words.entrySet().stream()
                      .filter(entry -> entry.getValue().equals(fallback))
                      .map(Map.Entry::getKey)
                      .findFirst()
                      .orElse(String.valueOf(fallback));
              return byDefault(key, fallback, word);
            });
  }

  /** The pairs of {@code key}, a YAML mapping or text such as {@code A: b; C: d}; in order. */
  public Map<String, String> map(String key) {
    known.addMap(key);
    Map<String, String> pairs = new LinkedHashMap<>();
    Given found = find(key);
    if (found == null) {
      Map<String, Object> entries = given.profileEntries(key);
      if (entries.isEmpty()) {
        return Map.of();
      }
      found = new Given(entries, given.profileOrigin());
      entries.forEach((name, value) -> pair(key + "." + name, value, name, pairs));
    } else {
      for (String part : String.valueOf(found.value()).split(";", -1)) {
        int colon = part.indexOf(':');
        if (colon > 0) {
          pairs.put(part.substring(0, colon).strip(), part.substring(colon + 1).strip());
        } else if (!part.isBlank()) {
          // The part itself is not shown: it may be the value of a header.
          problem(
              "llm."
                  + key
                  + ": Expecting pairs such as A: b; C: d. Found: a part without a name"
                  + from(found)
                  + ".");
        }
      }
    }
    note(
        key,
        pairs.entrySet().stream()
            .map(pair -> pair.getKey() + ": " + masked(pair.getKey(), pair.getValue()))
            .collect(Collectors.joining("; ")),
        found.origin());
    return Collections.unmodifiableMap(pairs);
  }

  private void pair(String key, Object value, String name, Map<String, String> pairs) {
    if (value instanceof List) {
      problem("llm." + key + ": Expecting text. Found: a list.");
    } else {
      pairs.put(name, String.valueOf(value));
    }
  }

  /** Notes a problem: a whole sentence that names the key or file it is about. */
  public void problem(String sentence) {
    problems.add(sentence);
  }

  /**
   * Notes that the value given for {@code key} breaks {@code rule}, in the usual shape: {@code
   * llm.users: Expecting a whole number from 1 to 100. Found: abc (LLM_USERS).}
   */
  public void reject(String key, String rule) {
    Given found = find(key);
    String value = found == null ? "nothing" : shown(key, found.value()) + from(found);
    problem("llm." + key + ": Expecting " + rule + ". Found: " + value + ".");
  }

  /** Every key read so far that has a value, with that value as text; secrets are masked. */
  public Map<String, String> resolved() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(resolved));
  }

  /**
   * Where each value of {@link #resolved} comes from: {@code -Dllm.users}, {@code LLM_USERS},
   * {@code profile quick} or {@code default}.
   */
  public Map<String, String> origins() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(origins));
  }

  /**
   * Ends the reading: every key that was neither read nor named by {@link #known} is a problem too.
   *
   * @throws ConfigException with all problems, if there is one
   */
  public void requireNoProblems() {
    Set<String> all = new LinkedHashSet<>(problems);
    given.check(known, all::add);
    if (!all.isEmpty()) {
      throw new ConfigException(new ArrayList<>(all));
    }
  }

  private <E> Optional<E> choice(String key, String rule, Map<String, E> words) {
    return read(
        key,
        rule,
        text ->
            words.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(text.strip()))
                .map(Map.Entry::getValue)
                .findFirst());
  }

  private Optional<Long> whole(String key, String rule, long min, long max) {
    return read(
        key,
        rule,
        text ->
            Optional.of(text.strip())
                .filter(WHOLE.asMatchPredicate())
                .map(Long::valueOf)
                .filter(number -> number >= min && number <= max));
  }

  private <T> Optional<T> read(String key, String rule, Function<String, Optional<T>> parse) {
    Given found = find(key);
    if (found == null) {
      return Optional.empty();
    }
    if (found.value() instanceof List) {
      reject(key, rule);
      return Optional.empty();
    }
    String text = String.valueOf(found.value());
    Optional<T> value = parse.apply(text);
    if (value.isPresent()) {
      note(key, masked(key, text), found.origin());
    } else {
      reject(key, rule);
    }
    return value;
  }

  private @Nullable Given find(String key) {
    known.add(key);
    return given.find(key);
  }

  private <T> T byDefault(String key, T value, String text) {
    note(key, text, DEFAULT_ORIGIN);
    return value;
  }

  private void note(String key, String text, String origin) {
    resolved.put(key, text);
    origins.put(key, origin);
  }

  private static String from(Given found) {
    return found.origin().startsWith("-D") ? "" : " (" + found.origin() + ")";
  }

  private static String masked(String key, String text) {
    return SecretNames.isSecret(key) ? Secret.MASK : Redactor.NONE.redact(text);
  }

  private static String shown(String key, Object value) {
    if (value instanceof List) {
      return "a list";
    }
    String text = masked(key, String.valueOf(value)).replaceAll("\\p{Cntrl}", " ");
    if (text.isBlank()) {
      return "nothing";
    }
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }
}
