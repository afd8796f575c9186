package llmload.simulations.scenarios.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import llmload.config.SettingsReader;
import llmload.metrics.StressResults;
import llmload.metrics.StressRules;

/**
 * The settings {@code llm.stress.*}.
 *
 * @param pattern which tests are run
 * @param maxConcurrencyCount the most requests in flight
 * @param levels the requests in flight of each test at one level
 * @param duration what the length of each test is a part of
 * @param rampUp how long steady load grows
 * @param rampDown how long steady load shrinks
 * @param spikeEvery from one burst to the next
 * @param spikeLength how long a burst lasts
 * @param spikeRatio a burst's concurrency over the base
 * @param stepCount users added from one stair to the next
 * @param stairTime how long a stair is held
 * @param refineTime how long a level between two stairs is held
 * @param breaking what a stair must keep
 */
public record StressSettings(
    Pattern pattern,
    int maxConcurrencyCount,
    List<Integer> levels,
    Duration duration,
    Duration rampUp,
    Duration rampDown,
    Duration spikeEvery,
    Duration spikeLength,
    double spikeRatio,
    int stepCount,
    Duration stairTime,
    Duration refineTime,
    StressRules breaking) {

  private static final int MOST_USERS = 100_000;

  /** Which tests are run. */
  public enum Pattern {
    /** All, in the order of the suite. */
    FULL("full"),
    /** Constant load. */
    STEADY("steady"),
    /** Constant load at each of several levels. */
    LEVELS("levels"),
    /** Load that grows in a line. */
    RAMP("ramp"),
    /** Bursts on a base. */
    SPIKE("spike"),
    /** The highest load, held, while the host is watched. */
    PRESSURE("pressure"),
    /** Stairs until it breaks. */
    BREAKING_POINT("breakingPoint"),
    /** Half an hour of the load that production would see. */
    PRODUCTION("production");

    private final String word;

    Pattern(String word) {
      this.word = word;
    }

    private static Map<String, Pattern> words() {
      Map<String, Pattern> words = new LinkedHashMap<>();
      for (Pattern pattern : values()) {
        words.put(pattern.word, pattern);
      }
      return words;
    }
  }

  /** Copies the list. */
  public StressSettings {
    levels = List.copyOf(levels);
  }

  /** Reads them; problems are noted in the reader. */
  public static StressSettings read(SettingsReader settings) {
    Pattern pattern = settings.choice("stress.pattern", Pattern.words(), Pattern.FULL);
    boolean production = pattern == Pattern.PRODUCTION;
    Duration every = positive(settings, "stress.spikeEvery", 30);
    Duration length = positive(settings, "stress.spikeLength", 5);
    if (length.compareTo(every) >= 0) {
      settings.reject("stress.spikeLength", "less than stress.spikeEvery");
    }
    // What holds for the whole run is read by the analysis from the run's record.
    settings.number("stress.maxErrorRatio", 0.05, 0, 1);
    positive(settings, "stress.maxLatency", 1);
    return new StressSettings(
        pattern,
        settings.integer("stress.maxConcurrency", production ? 100 : 50, 1, MOST_USERS),
        levels(settings),
        positive(settings, "stress.duration", production ? 1800 : 300),
        settings.duration("stress.rampUp", Duration.ofSeconds(60)),
        settings.duration("stress.rampDown", Duration.ofSeconds(30)),
        every,
        length,
        settings.number("stress.spikeFactor", 3, 1, 1000),
        settings.integer("stress.step", 10, 1, MOST_USERS),
        positive(settings, "stress.stair", 30),
        positive(settings, "stress.refine", 20),
        breaking(settings));
  }

  private static List<Integer> levels(SettingsReader settings) {
    List<Integer> levels = new ArrayList<>();
    for (String word : settings.list("stress.levels", List.of("1", "5", "10", "20", "50"))) {
      boolean usable = word.matches("[1-9][0-9]{0,5}") && Integer.parseInt(word) <= MOST_USERS;
      if (!usable || levels.contains(Integer.valueOf(word))) {
        settings.reject("stress.levels", "different whole numbers from 1 to " + MOST_USERS);
        return List.of(1);
      }
      levels.add(Integer.valueOf(word));
    }
    if (levels.isEmpty()) {
      settings.reject("stress.levels", "at least one whole number");
      return List.of(1);
    }
    return levels;
  }

  private static StressRules breaking(SettingsReader settings) {
    Optional<Duration> latency = settings.duration("stress.breaking.maxLatency");
    OptionalDouble errors = settings.number("stress.breaking.maxErrorRatio", 0, 1);
    return new StressRules(
        errors.isPresent() ? errors.getAsDouble() : 0.05,
        latency.isPresent() ? latency.get().toNanos() / 1e6 : null,
        settings.number("stress.breaking.maxMemoryRatio", 0.9, 0, 1),
        settings.number("stress.breaking.maxCpuRatio", 0.95, 0, 1));
  }

  private static Duration positive(SettingsReader settings, String key, int fallbackSeconds) {
    Duration value = settings.duration(key, Duration.ofSeconds(fallbackSeconds));
    if (value.isZero()) {
      settings.reject(key, "a duration above 0");
      return Duration.ofSeconds(fallbackSeconds);
    }
    return value;
  }

  /** The tests in the order in which they are run, the stairs left out. */
  public List<StressPart> tests() {
    int max = maxConcurrencyCount;
    return switch (pattern) {
      case FULL ->
          List.of(
              steady("steady_moderate", Math.max(1, max / 4), duration.dividedBy(3)),
              steady("steady_high", Math.max(1, max / 2), duration.dividedBy(3)),
              StressPart.ramp("ramp", max, duration.dividedBy(2)),
              spike(Math.max(1, max / 5), duration.dividedBy(2)),
              StressPart.held("pressure", max, duration.dividedBy(3)));
      case STEADY -> List.of(steady("steady", max, duration));
      case LEVELS ->
          levels.stream()
              .map(users -> StressPart.held(StressResults.LEVEL + users, users, duration))
              .toList();
      case PRODUCTION -> List.of(steady("production", max, duration));
      case RAMP -> List.of(StressPart.ramp("ramp", max, duration));
      case SPIKE -> List.of(spike(Math.max(1, max / 5), duration));
      case PRESSURE -> List.of(StressPart.held("pressure", max, duration));
      case BREAKING_POINT -> List.of();
    };
  }

  /** Whether stairs to the breaking point follow. */
  public boolean hasStairs() {
    return pattern == Pattern.FULL || pattern == Pattern.BREAKING_POINT;
  }

  /** The most users that any test needs at once. */
  public int userCount() {
    int users = hasStairs() ? maxConcurrencyCount : 1;
    for (StressPart test : tests()) {
      users = Math.max(users, test.peakCount());
    }
    return users;
  }

  private StressPart steady(String name, int users, Duration time) {
    return StressPart.steady(name, users, time, rampUp, rampDown);
  }

  private StressPart spike(int base, Duration time) {
    int burst = (int) Math.min(MOST_USERS, Math.round(base * spikeRatio));
    return StressPart.spikes("spike", base, burst, time, spikeEvery, spikeLength);
  }
}
