package llmload.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import llmload.config.DurationParser;
import llmload.metrics.StressRules.Judgement;
import llmload.model.CoreMetric;
import llmload.model.Grade;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.ServerPlace;
import llmload.model.Tags;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * A stress run by its tests and stairs, made from its journal.
 *
 * <p>Take all records and samples, in any order, then {@link #finish} once. Not safe for use by
 * several threads. The grade and the limits of pressure are mini-biai-1's.
 */
public final class StressResults {
  /** The name of the requests of the stairs to the breaking point. */
  public static final String STAIRS = "breaking_point";

  /** The name of the requests of the highest load, held while the host is watched. */
  public static final String PRESSURE = "pressure";

  /** What the names of the tests at one level each begin with; the level follows. */
  public static final String LEVEL = "concurrency_";

  private static final String HOLD = "hold";
  private static final double LEVEL_COMPLETED_RATIO = 0.95;
  private static final double PRESSURE_MEMORY_RATIO = 0.95;
  private static final double PRESSURE_CPU_RATIO = 0.98;

  private final Map<String, Part> parts = new HashMap<>();
  private final TreeMap<Integer, Level> levels = new TreeMap<>();
  private final Distribution steady = new Distribution("ms");
  private final Distribution calm = new Distribution("ms");
  private final Distribution bursts = new Distribution("ms");
  private final List<HostLoad> readings = new ArrayList<>();
  private final ServerPlace place;
  private final StressRules stable;
  private final StressRules breaking;
  private final @Nullable Integer maxCount;

  /** One test. */
  public static final class Part {
    private final String name;
    private final StressTally all = new StressTally();
    private final StressTally held = new StressTally();
    private final StressTimeline timeline = new StressTimeline();
    private int peakCount;
    private long firstSentNanos = Long.MAX_VALUE;

    private Part(String name) {
      this.name = name;
    }

    /** The name of its requests. */
    public String name() {
      return name;
    }

    /** All of its requests. */
    public StressTally all() {
      return all;
    }

    /** What it is judged by: a steady test's requests at full load, else all. */
    public StressTally judged() {
      return held.startedCount() > 0 ? held : all;
    }

    /** What ended when; of a steady test at full load alone. */
    public StressTimeline timeline() {
      return timeline;
    }

    /**
     * How much p95 rose from the first to the last window of a load that was held; {@code null} for
     * other tests, and where there is too little to compare.
     */
    public @Nullable Double degradationRatio() {
      List<StressWindow> windows = timeline.windows();
      return held.startedCount() == 0 || windows.size() < 2
          ? null
          : StressTimeline.degradationRatio(windows.get(0), windows.get(windows.size() - 1));
    }

    /** The highest concurrency that it asked for. */
    public int peakCount() {
      return peakCount;
    }
  }

  /**
   * One stair, or one level between two.
   *
   * @param userCount its concurrency
   * @param stage {@code stair} or {@code refine}
   * @param tally its requests
   * @param judgement whether it was borne
   */
  public record StairResult(int userCount, String stage, StressTally tally, Judgement judgement) {}

  private record Level(String stage, StressTally tally) {}

  /** Results by the settings of a run and the place of its server, as its record has them. */
  public StressResults(RunManifest manifest) {
    Map<String, String> settings = manifest.settings();
    place = ServerPlace.of(manifest);
    stable =
        new StressRules(
            number(settings, "stress.maxErrorRatio", 0.05),
            millis(settings, "stress.maxLatency", 1000.0),
            null,
            null);
    breaking =
        new StressRules(
            number(settings, "stress.breaking.maxErrorRatio", 0.05),
            millis(settings, "stress.breaking.maxLatency", null),
            number(settings, "stress.breaking.maxMemoryRatio", 0.9),
            number(settings, "stress.breaking.maxCpuRatio", 0.95));
    String max = settings.get("stress.maxConcurrency");
    maxCount = max == null ? null : Integer.valueOf(max.strip());
  }

  private static double number(Map<String, String> settings, String key, double fallback) {
    String text = settings.get(key);
    return text == null ? fallback : Double.parseDouble(text.strip());
  }

  private static @Nullable Double millis(
      Map<String, String> settings, String key, @Nullable Double fallback) {
    String text = settings.get(key);
    Optional<Duration> time = text == null ? Optional.empty() : DurationParser.parse(text);
    return time.isPresent() ? Double.valueOf(time.get().toNanos() / 1e6) : fallback;
  }

  /** Takes one request; the warm-up's are passed over. */
  public void add(RequestRecord request) {
    if (request.phase() == Phase.WARMUP) {
      return;
    }
    String stage = request.tags().getOrDefault(Tags.STAGE, "");
    int users = Integer.parseInt(request.tags().getOrDefault(Tags.CONCURRENCY, "0"));
    Part part = parts.computeIfAbsent(request.request(), Part::new);
    part.all.add(request);
    if (!stage.equals("ramp_up") && !stage.equals("ramp_down")) {
      part.timeline.add(request);
    }
    part.peakCount = Math.max(part.peakCount, users);
    part.firstSentNanos = Math.min(part.firstSentNanos, request.sentNanos());
    if (stage.equals(HOLD)) {
      part.held.add(request);
    }
    if (request.request().equals(STAIRS)) {
      levels.computeIfAbsent(users, u -> new Level(stage, new StressTally())).tally.add(request);
    }
    if (request.outcome().isOk()) {
      Distribution latencies = latencies(request.request(), stage);
      if (latencies != null) {
        RequestMetrics.sample(CoreMetric.E2E, request).ifPresent(latencies::add);
      }
    }
  }

  private @Nullable Distribution latencies(String test, String stage) {
    return switch (stage) {
      case "burst" -> bursts;
      case "base" -> calm;
      case HOLD -> test.equals(PRESSURE) ? null : steady;
      default -> null;
    };
  }

  /** Takes one sample; only those of the whole host bear on the results. */
  public void add(TelemetrySample sample) {
    HostLoad.of(sample).ifPresent(readings::add);
  }

  /** Gives each test and stair the readings of the host within its time. */
  public void finish() {
    for (HostLoad reading : readings) {
      parts.values().forEach(part -> give(reading, part.all, part.held));
      levels.values().forEach(level -> give(reading, level.tally));
    }
  }

  private static void give(HostLoad reading, StressTally... tallies) {
    for (StressTally tally : tallies) {
      tally.addHost(reading);
    }
  }

  /** The tests in the order in which they were run. */
  public List<Part> parts() {
    return parts.values().stream()
        .sorted(Comparator.comparingLong((Part part) -> part.firstSentNanos))
        .toList();
  }

  /**
   * Whether a test's load was borne; {@code null} for the stairs, and for pressure that nobody
   * watched or that is on another machine.
   */
  public @Nullable Judgement judgement(Part part) {
    if (part.name.equals(STAIRS)) {
      return null;
    }
    if (part.name.startsWith(LEVEL)) {
      return level(part.all);
    }
    if (!part.name.equals(PRESSURE)) {
      return stable.judge(part.judged(), place);
    }
    OptionalDouble memory = part.all.memoryPeakRatio();
    OptionalDouble cpu = part.all.cpuPeakRatio();
    if (place.whyNotJudged() != null || memory.isEmpty() || cpu.isEmpty()) {
      return null;
    }
    List<String> broken = new ArrayList<>();
    if (memory.getAsDouble() >= PRESSURE_MEMORY_RATIO) {
      broken.add("this machine's memory peak of 95 % or more");
    }
    if (cpu.getAsDouble() >= PRESSURE_CPU_RATIO) {
      broken.add("this machine's CPU peak of 98 % or more");
    }
    return new Judgement(broken.isEmpty(), broken, List.of());
  }

  private static Judgement level(StressTally tally) {
    double completed = (double) tally.okCount() / Math.max(1, tally.startedCount());
    return completed > LEVEL_COMPLETED_RATIO
        ? new Judgement(true, List.of(), List.of())
        : new Judgement(
            false,
            List.of(
                String.format(Locale.ROOT, "%.1f %% completed, not above 95 %%", completed * 100)),
            List.of());
  }

  /** The stairs by concurrency, ascending. */
  public List<StairResult> stairs() {
    List<StairResult> stairs = new ArrayList<>();
    levels.forEach(
        (users, level) ->
            stairs.add(
                new StairResult(
                    users, level.stage, level.tally, breaking.judge(level.tally, place))));
    return stairs;
  }

  /** The lowest concurrency that broke a rule; empty if none did. */
  public OptionalInt breakingPoint() {
    return stairs().stream()
        .filter(stair -> !stair.judgement().passed())
        .mapToInt(StairResult::userCount)
        .min();
  }

  /** The highest borne concurrency below the breaking point; without stairs, of a stable test. */
  public OptionalInt sustained() {
    if (levels.isEmpty()) {
      return parts().stream().filter(part -> isStable(part)).mapToInt(Part::peakCount).max();
    }
    int limit = breakingPoint().orElse(Integer.MAX_VALUE);
    return stairs().stream().mapToInt(StairResult::userCount).filter(u -> u < limit).max();
  }

  private boolean isStable(Part part) {
    Judgement judgement = judgement(part);
    return judgement != null && judgement.passed();
  }

  /** Tests that have a verdict. */
  public long judgedCount() {
    return parts.values().stream().filter(part -> judgement(part) != null).count();
  }

  /** Of these, tests whose load was borne. */
  public long stableCount() {
    return parts.values().stream().filter(this::isStable).count();
  }

  /** Stable tests ÷ tests that have a verdict; empty without any. */
  public OptionalDouble stabilityRatio() {
    long judged = judgedCount();
    return judged == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) stableCount() / judged);
  }

  /** Where the server was. */
  public ServerPlace place() {
    return place;
  }

  /** The highest concurrency that the run was allowed; empty if its record does not say. */
  public OptionalInt maxCount() {
    return maxCount == null ? OptionalInt.empty() : OptionalInt.of(maxCount);
  }

  /** The grade, by the share of stable tests and by the sustained part of the highest load. */
  public Grade grade() {
    if (stabilityRatio().isEmpty()) {
      return Grade.NOT_GRADED;
    }
    double stability = stabilityRatio().getAsDouble();
    double load = sustained().orElse(0) / (double) maxCount().orElse(Integer.MAX_VALUE);
    if (stability >= 0.9 && load >= 0.8) {
      return Grade.EXCELLENT;
    }
    if (stability >= 0.8 && load >= 0.6) {
      return Grade.GOOD;
    }
    return stability >= 0.6 ? Grade.ACCEPTABLE : Grade.POOR;
  }

  /** Latencies of steady load; where no steady test was run, of the base between the bursts. */
  public Distribution steadyLatencies() {
    return steady.isEmpty() ? calm : steady;
  }

  /** Latencies of the bursts. */
  public Distribution burstLatencies() {
    return bursts;
  }
}
