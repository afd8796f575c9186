package llmload.simulations.scenarios.tokenspeed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.feeders.PromptFile;
import llmload.feeders.Prompts;
import llmload.run.ProjectFolder;
import llmload.simulations.scenarios.tokenspeed.SpeedPart.Group;

/**
 * The settings {@code llm.token_speed.*}.
 *
 * @param parts the tests that are run, in their order
 * @param customPrompts the user's own prompts by the key that names them
 * @param repetitions how often each test makes its call
 * @param maxTokens the most tokens of an answer
 */
public record TokenSpeedSettings(
    List<SpeedPart> parts, Map<String, String> customPrompts, int repetitions, int maxTokens) {

  private static final int MOST_TESTS = 49;
  private static final int MOST_REPETITIONS = 100_000;
  private static final int MOST_TOKENS = 10_000_000;
  private static final int DEFAULT_TOKENS = 500;
  private static final int MOST_AT_ONCE = 10_000;
  private static final String KEY = "[A-Za-z0-9_.-]{1,40}";
  private static final String PREFIX = "token_speed.";

  /** What the tests themselves decide, so that a user who sets it would be misled. */
  private static final List<String> NOT_HERE = List.of("users", "requests", "duration");

  /** Reads them; problems are noted in {@code settings}. */
  public static TokenSpeedSettings read(SettingsReader settings) {
    boolean streaming = settings.flag(PREFIX + "streaming", true);
    Map<String, String> prompts = customPrompts(settings);
    Map<String, String> tests = named(settings, "tests");
    List<SpeedPart> parts = new ArrayList<>();
    List<String> sorts = new ArrayList<>(PromptSort.names());
    sorts.addAll(prompts.keySet());
    sorts.forEach(s -> parts.add(new SpeedPart("single_" + s, Group.SINGLE, s, false, 1, null)));
    if (streaming) {
      sorts.forEach(
          s -> parts.add(new SpeedPart("streaming_" + s, Group.STREAMING, s, true, 1, null)));
    }
    for (int size : batches(settings)) {
      String sort = PromptSort.SHORT.id();
      parts.add(new SpeedPart("batch_" + size, Group.BATCH, sort, false, size, null));
    }
    tests.forEach(
        (name, text) -> parts.add(new SpeedPart(name, Group.CUSTOM, name, streaming, 1, null)));
    for (String label : labels(settings)) {
      String name = "backend_" + label;
      parts.add(new SpeedPart(name, Group.BACKEND, "", streaming, 1, label));
    }
    checkNames(settings, parts);
    Map<String, String> texts = new LinkedHashMap<>(prompts);
    texts.putAll(tests);
    OptionalInt shared = settings.integer("maxTokens", 1, MOST_TOKENS);
    checkNotHere(settings);
    return new TokenSpeedSettings(
        chosen(settings, parts),
        texts,
        settings.integer(PREFIX + "repetitions", 5, 1, MOST_REPETITIONS),
        settings.integer(PREFIX + "maxTokens", shared.orElse(DEFAULT_TOKENS), 1, MOST_TOKENS));
  }

  /** The requests that all its tests come to. */
  public long requestCount() {
    return parts.stream().mapToLong(this::requestCount).sum();
  }

  /** The requests of one of its tests; one that compares servers asks every sort of prompt. */
  public long requestCount(SpeedPart part) {
    int asked = part.group() == Group.BACKEND ? PromptSort.names().size() : 1;
    return (long) repetitions * part.batchCount() * asked;
  }

  private static void checkNotHere(SettingsReader settings) {
    for (String key : NOT_HERE) {
      String origin = settings.text(key).isPresent() ? settings.origins().get(key) : null;
      // A shared profile sets them for every simulation.
      if (origin != null && !origin.startsWith("profile")) {
        settings.problem(
            "llm."
                + key
                + ": Expecting it only where a load is to be shaped; the tests of token speed say"
                + " themselves how many ask at once. Found: "
                + settings.text(key).orElse("")
                + ". Set llm.token_speed.repetitions and llm.token_speed.batches.");
      }
    }
  }

  private static void checkNames(SettingsReader settings, List<SpeedPart> parts) {
    Set<String> seen = new TreeSet<>();
    for (SpeedPart part : parts) {
      if (!seen.add(part.name())) {
        settings.problem(
            "llm.token_speed: Expecting tests of different names. Found: "
                + part.name()
                + " twice.");
      }
    }
    if (parts.size() > MOST_TESTS) {
      settings.problem(
          "llm.token_speed: Expecting at most "
              + MOST_TESTS
              + " tests, so that each has metrics of its own. Found: "
              + parts.size()
              + ".");
    }
  }

  private static List<SpeedPart> chosen(SettingsReader settings, List<SpeedPart> parts) {
    List<String> only = settings.list(PREFIX + "only").orElse(List.of());
    if (only.isEmpty()) {
      return List.copyOf(parts);
    }
    for (String word : only) {
      if (parts.stream().noneMatch(part -> matches(part, word))) {
        settings.problem(
            "llm.token_speed.only: Expecting single, streaming, batch, custom, backend, or names of"
                + " tests: "
                + String.join(", ", parts.stream().map(SpeedPart::name).toList())
                + ". Found: "
                + word
                + ".");
      }
    }
    return parts.stream()
        .filter(part -> only.stream().anyMatch(word -> matches(part, word)))
        .toList();
  }

  private static boolean matches(SpeedPart part, String word) {
    return part.name().equals(word) || part.group().name().toLowerCase(Locale.ROOT).equals(word);
  }

  private static Set<Integer> batches(SettingsReader settings) {
    Set<Integer> sizes = new LinkedHashSet<>();
    for (String word : settings.list(PREFIX + "batches", List.of("5", "10", "20"))) {
      int size = word.matches("\\d{1,5}") ? Integer.parseInt(word) : 0;
      if (size < 1 || size > MOST_AT_ONCE) {
        settings.problem(
            "llm.token_speed.batches: Expecting whole numbers from 1 to "
                + MOST_AT_ONCE
                + ". Found: "
                + word
                + ".");
      } else {
        sizes.add(size);
      }
    }
    return sizes;
  }

  /** The labels of the servers, whose URLs are read elsewhere. */
  private static List<String> labels(SettingsReader settings) {
    return settings.list("endpoints").orElse(List.of()).stream()
        .filter(part -> part.indexOf('=') > 0)
        .map(part -> part.substring(0, part.indexOf('=')))
        .distinct()
        .toList();
  }

  private static Map<String, String> customPrompts(SettingsReader settings) {
    Map<String, String> prompts = new LinkedHashMap<>();
    settings
        .text(PREFIX + "promptsFile")
        .ifPresent(name -> prompts.putAll(fromFile(settings, ProjectFolder.find().resolve(name))));
    prompts.putAll(named(settings, "prompts"));
    return prompts;
  }

  private static Map<String, String> fromFile(SettingsReader settings, Path file) {
    Map<String, String> prompts = new LinkedHashMap<>();
    try {
      int count = PromptFile.check(file);
      if (count > MOST_TESTS) {
        settings.problem(
            file + ": Expecting at most " + MOST_TESTS + " prompts. Found: " + count + ".");
        return Map.of();
      }
      Prompts.jsonl(file)
          .sequential()
          .forEachRemaining(
              line -> {
                String key = String.valueOf(line.get("id"));
                checkKey(settings, "promptsFile", key);
                prompts.put(key, String.valueOf(line.get("prompt")));
              });
    } catch (ConfigException e) {
      e.problems().forEach(settings::problem);
    }
    return prompts;
  }

  private static Map<String, String> named(SettingsReader settings, String key) {
    Map<String, String> pairs = settings.map(PREFIX + key);
    pairs.forEach(
        (name, text) -> {
          checkKey(settings, key, name);
          if (text.isBlank()) {
            settings.problem(
                "llm.token_speed." + key + ": Expecting a prompt for " + name + ". Found: none.");
          }
        });
    return pairs;
  }

  private static void checkKey(SettingsReader settings, String key, String name) {
    if (!name.matches(KEY)) {
      settings.problem(
          "llm.token_speed."
              + key
              + ": Expecting keys of up to 40 letters, digits, '_', '.' and '-'. Found: "
              + name
              + ".");
    }
  }
}
