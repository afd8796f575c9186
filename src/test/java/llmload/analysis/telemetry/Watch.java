package llmload.analysis.telemetry;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.Set;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.EnergyRules;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Levels;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.metrics.timeline.Tracks;
import llmload.model.MetricSummary;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** What was watched over the measured window, with the rules on when a number counts. */
final class Watch {
  static final String SERVER = "server";
  static final String GPU = "gpu";
  static final String PROCESS = "process";
  static final String HOST = "host";

  private static final Map<String, String> NOTHING =
      Map.of(
          SERVER,
          "no metrics of the server were read",
          GPU,
          "no GPU was read",
          PROCESS,
          "no process of the server was read",
          HOST,
          "this machine was not read");

  /** Labels that say which numbers of a server are estimates. */
  private static final Map<String, Set<TelemetryId>> ESTIMATES =
      Map.of(
          "kvCapacity",
          Set.of(TelemetryId.KV_USED_TOKENS, TelemetryId.KV_CAPACITY_TOKENS),
          "kvUsed",
          Set.of(TelemetryId.KV_USED_TOKENS, TelemetryId.KV_USED_RATIO));

  /** How the reason begins where a source does not tell a number at all. */
  static final String NOT_EXPOSED = "not exposed by ";

  private static final double NANOS = 1e9;

  private final Tracks tracks;
  private final SourceAccounts accounts;
  private final Span window;
  private final Coverage coverage;

  Watch(Tracks tracks, SourceAccounts accounts, Span window, Coverage coverage) {
    this.tracks = tracks;
    this.accounts = accounts;
    this.window = window;
    this.coverage = coverage;
  }

  Span window() {
    return window;
  }

  List<Track> of(String source) {
    return tracks.of(source);
  }

  /** When a number over a span counts. */
  Coverage coverage() {
    return coverage;
  }

  /** The machine as a whole; {@code null} if it was not read. */
  @Nullable Track host() {
    return EnergyRules.whole(of(HOST));
  }

  /** How a gauge stood over the window; {@code null} if too little of it is known. */
  @Nullable Level level(Track track, TelemetryId id) {
    return level(track, id, window);
  }

  /** The same over any span of the run. */
  @Nullable Level level(Track track, TelemetryId id, Span span) {
    return coverage.level(track.of(id), span);
  }

  /** The growth over the window; {@code null} if too little of it is known. */
  @Nullable Growth growth(@Nullable Timeline counter) {
    return coverage.growth(counter, window);
  }

  /** The same over any span of the run. */
  @Nullable Growth growth(@Nullable Timeline counter, Span span) {
    return coverage.growth(counter, span);
  }

  /** The growth of a counter, added up over everything of a source. */
  Figure counter(String source, TelemetryId id, String unit, double factor) {
    double sum = 0;
    long samples = 0;
    List<Track> all = of(source);
    for (Track track : all) {
      Timeline timeline = track.of(id);
      Growth growth = growth(timeline);
      if (timeline == null || growth == null) {
        return Figure.absent(unit, why(source, track, id));
      }
      sum += growth.value();
      samples += timeline.size();
    }
    return all.isEmpty()
        ? Figure.absent(unit, silence(source))
        : Figure.of(unit, sum * factor, samples, from(source, all, id));
  }

  /** The things of a source that have a number of their own: of GPUs, their parts. */
  List<Track> each(String source, TelemetryId id) {
    return source.equals(GPU) ? Card.each(Card.of(of(GPU)), id) : of(source);
  }

  /** A gauge added up over everything of a source. */
  Figure sum(String source, TelemetryId id, String unit, double factor) {
    List<Track> all = each(source, id);
    return gauge(source, all, id, unit, factor, Levels.sum(all, id, coverage, window));
  }

  /** A gauge's mean over everything of a source, with the extremes of all. */
  Figure mean(String source, TelemetryId id, String unit) {
    List<Track> all = each(source, id);
    return gauge(source, all, id, unit, 1, Levels.mean(all, id, coverage, window));
  }

  private Figure gauge(
      String source,
      List<Track> all,
      TelemetryId id,
      String unit,
      double factor,
      @Nullable Level level) {
    if (level != null) {
      return new Figure(summary(level, unit, factor), from(source, all, id) + over(level));
    }
    for (Track track : all) {
      if (level(track, id) == null) {
        return Figure.absent(unit, why(source, track, id));
      }
    }
    return Figure.absent(
        unit,
        all.isEmpty()
            ? silence(source)
            : "samples of %s of several never cover the same time".formatted(id.id()));
  }

  /** A gauge over the window as a metric: where much is unknown, so are its extremes. */
  static MetricSummary summary(Level level, String unit, double factor) {
    boolean known = level.coveredRatio() >= Coverage.LEAST_RATIO;
    return MetricSummary.ofGauge(
        unit,
        Math.max(1, level.sampleCount()),
        known ? Double.valueOf(level.min() * factor) : null,
        level.mean() * factor,
        known ? Double.valueOf(level.max() * factor) : null);
  }

  /** How much of the window a number is of, where that is not all of it. */
  static String over(Level level) {
    return level.coveredRatio() >= Coverage.LEAST_RATIO
        ? ""
        : ", over %.2f of the window".formatted(level.coveredRatio());
  }

  /** What a number is made of: its name, whose it is, and whether that is an estimate. */
  String from(String source, List<Track> all, TelemetryId id) {
    String whose =
        all.stream().map(track -> name(source, track, id)).distinct().collect(joining(" and "));
    boolean estimate =
        all.stream()
            .map(Track::labels)
            .anyMatch(
                labels ->
                    ESTIMATES.entrySet().stream()
                        .anyMatch(
                            of ->
                                of.getValue().contains(id)
                                    && "estimate".equals(labels.get(of.getKey()))));
    return "%s of %s%s".formatted(id.id(), whose, estimate ? ", an estimate" : "");
  }

  /** Why nothing at all is known of a source. */
  String silence(String source) {
    String told = accounts.silence(source);
    String nothing = NOTHING.getOrDefault(source, "no " + source + " was read");
    return told == null ? nothing : nothing + " (" + told + ")";
  }

  /** Why one thing has no number: it does not tell it, or told it too rarely. */
  String why(String source, Track track, TelemetryId id) {
    boolean counter = id.kind() == TelemetryId.Kind.COUNTER;
    return why(source, track, id, counter ? Coverage.LEAST_RATIO : Coverage.LEAST_GAUGE_RATIO);
  }

  /** The same of a number that must be known for a share of the window. */
  String why(String source, Track track, TelemetryId id, double leastRatio) {
    Timeline timeline = track.of(id);
    if (timeline == null) {
      return NOT_EXPOSED + name(source, track, id) + " (" + id.id() + ")";
    }
    boolean counter = id.kind() == TelemetryId.Kind.COUNTER;
    Growth growth = counter ? coverage.knownGrowth(timeline, window) : null;
    Level level = counter ? null : coverage.known(timeline, window);
    if (growth != null && growth.resetCount() > 0 && id == TelemetryId.ENERGY_JOULES) {
      return "%s of %s began anew in the window".formatted(id.id(), name(source, track, id));
    }
    double covered = growth != null ? growth.coveredRatio() : 0;
    covered = level != null ? level.coveredRatio() : covered;
    String trouble = accounts.trouble(source, track.labels().get("url"));
    return "samples of %s cover %.2f of the window, %.2f is needed%s%s"
        .formatted(
            id.id(),
            covered,
            leastRatio,
            pace(timeline, track.via(id)),
            trouble == null ? "" : " (" + trouble + ")");
  }

  /** What to do about a source that tells new values less often than it is looked at. */
  private String pace(Timeline timeline, String via) {
    String remedy =
        via.equals("dcgm") ? "; start dcgm-exporter with -c 1000" : "; see telemetry.interval";
    if (timeline.size() < 2) {
      return "; %s new value came%s".formatted(timeline.size() == 0 ? "no" : "one", remedy);
    }
    return timeline.paceNanos() <= coverage.mostGapNanos()
        ? ""
        : "; a new value came every %.1f s%s".formatted(timeline.paceNanos() / NANOS, remedy);
  }

  /** What a reader calls a thing: the server's kind, the GPU's collector. */
  private static String name(String source, Track track, TelemetryId id) {
    String name =
        switch (source) {
          case SERVER -> track.labels().getOrDefault("engine", "the server");
          case GPU -> track.via(id).isEmpty() ? collector(track) : track.via(id);
          case PROCESS -> process(track);
          case HOST -> "this machine";
          default -> "the " + source;
        };
    return track.labels().containsKey("by") ? name + ", by " + track.labels().get("by") : name;
  }

  /** By its name: a proxy or a container's forwarder may hold the server's port. */
  private static String process(Track track) {
    String name = track.labels().get("name");
    return name == null ? "the server's process" : "the server's process, " + name;
  }

  private static String collector(Track track) {
    return track.labels().getOrDefault("via", "the GPU");
  }
}
