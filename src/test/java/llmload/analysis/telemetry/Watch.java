package llmload.analysis.telemetry;

import java.util.List;
import java.util.Map;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.metrics.timeline.Tracks;
import llmload.model.MetricSummary;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** What was watched over the measured window, with the rules on when a number counts. */
final class Watch {
  /** An integral or a growth over less of the window is not measured. */
  static final double LEAST_COVERAGE = 0.95;

  /** A gauge's mean and extremes over less of the window are not measured. */
  static final double LEAST_PRESENCE = 0.5;

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

  private final Tracks tracks;
  private final SourceAccounts accounts;
  private final Span window;
  private final long mostGapNanos;

  Watch(Tracks tracks, SourceAccounts accounts, Span window, long mostGapNanos) {
    this.tracks = tracks;
    this.accounts = accounts;
    this.window = window;
    this.mostGapNanos = mostGapNanos;
  }

  Span window() {
    return window;
  }

  List<Track> of(String source) {
    return tracks.of(source);
  }

  /** The machine as a whole; {@code null} if it was not read. */
  @Nullable Track host() {
    return of(HOST).stream().filter(track -> track.labels().isEmpty()).findFirst().orElse(null);
  }

  /** How a gauge stood over the window; {@code null} if too little of it is known. */
  @Nullable Level level(Track track, TelemetryId id) {
    Timeline timeline = track.of(id);
    Level level = timeline == null ? null : timeline.level(window, mostGapNanos);
    return level == null || level.coveredRatio() < LEAST_PRESENCE ? null : level;
  }

  /** The same over any span of the run, where half of it is known. */
  @Nullable Level level(Track track, TelemetryId id, Span span) {
    Timeline timeline = track.of(id);
    Level level = timeline == null ? null : timeline.level(span, mostGapNanos);
    return level == null || level.coveredRatio() < LEAST_PRESENCE ? null : level;
  }

  /** The growth over the window; {@code null} if too little of it is known. */
  @Nullable Growth growth(Timeline counter) {
    Growth growth = counter.growth(window, mostGapNanos);
    return growth == null || growth.coveredRatio() < LEAST_COVERAGE ? null : growth;
  }

  /** The same over any span of the run. */
  @Nullable Growth growth(Timeline counter, Span span) {
    Growth growth = counter.growth(span, mostGapNanos);
    return growth == null || growth.coveredRatio() < LEAST_COVERAGE ? null : growth;
  }

  /** A gauge's value times seconds; {@code null} if too little of the window is known. */
  @Nullable Double integral(Track track, TelemetryId id) {
    Timeline timeline = track.of(id);
    Level level = timeline == null ? null : timeline.level(window, mostGapNanos);
    return level == null || level.coveredRatio() < LEAST_COVERAGE
        ? null
        : Double.valueOf(level.integral());
  }

  /** The growth of a counter, added up over everything of a source. */
  MetricSummary counter(String source, TelemetryId id, String unit, double factor) {
    double sum = 0;
    long samples = 0;
    List<Track> all = of(source);
    for (Track track : all) {
      Timeline timeline = track.of(id);
      Growth growth = timeline == null ? null : growth(timeline);
      if (timeline == null || growth == null) {
        return MetricSummary.absent(unit, why(source, track, id));
      }
      sum += growth.value();
      samples += timeline.size();
    }
    return all.isEmpty()
        ? MetricSummary.absent(unit, silence(source))
        : MetricSummary.ofValue(unit, sum * factor, samples);
  }

  /** A gauge over everything of a source: added up, or its mean with the extremes of all. */
  MetricSummary gauge(String source, TelemetryId id, String unit, double factor, boolean added) {
    Levels levels = new Levels(added);
    List<Track> all = of(source);
    for (Track track : all) {
      Level level = level(track, id);
      if (level == null) {
        return MetricSummary.absent(unit, why(source, track, id));
      }
      levels.add(level);
    }
    return all.isEmpty()
        ? MetricSummary.absent(unit, silence(source))
        : levels.summary(unit, factor);
  }

  /** Why nothing at all is known of a source. */
  String silence(String source) {
    String told = accounts.silence(source);
    String nothing = NOTHING.getOrDefault(source, "no " + source + " was read");
    return told == null ? nothing : nothing + " (" + told + ")";
  }

  /** Why one thing has no number: it does not tell it, or told it too rarely. */
  String why(String source, Track track, TelemetryId id) {
    Timeline timeline = track.of(id);
    if (timeline == null) {
      return "not exposed by " + name(source, track) + " (" + id.id() + ")";
    }
    boolean counter = id.kind() == TelemetryId.Kind.COUNTER;
    Growth growth = counter ? timeline.growth(window, mostGapNanos) : null;
    Level level = counter ? null : timeline.level(window, mostGapNanos);
    double covered = growth != null ? growth.coveredRatio() : 0;
    covered = level != null ? level.coveredRatio() : covered;
    String told = accounts.silence(source);
    return "samples of %s cover %.2f of the window, %.2f is needed%s"
        .formatted(
            id.id(),
            covered,
            counter ? LEAST_COVERAGE : LEAST_PRESENCE,
            told == null ? "" : " (" + told + ")");
  }

  /** What a reader calls a thing: the server's kind, the GPU's collector. */
  static String name(String source, Track track) {
    Map<String, String> labels = track.labels();
    String name = source.equals(SERVER) ? labels.get("engine") : labels.get("via");
    return name == null ? "the " + source : name;
  }

  /** Gauges of several things as one. */
  static final class Levels {
    private final boolean added;
    private double mean;
    private double min;
    private double max;
    private long samples;
    private int count;

    /**
     * @param added whether the things add up, as memory does; else they are told as their mean
     */
    Levels(boolean added) {
      this.added = added;
    }

    void add(Level level) {
      add(level.mean(), level.min(), level.max(), level.sampleCount());
    }

    void add(double mean, double min, double max, long samples) {
      boolean first = count == 0;
      this.mean += mean;
      this.min = first ? min : added ? this.min + min : Math.min(this.min, min);
      this.max = first ? max : added ? this.max + max : Math.max(this.max, max);
      this.samples += samples;
      count++;
    }

    boolean isEmpty() {
      return count == 0;
    }

    double mean() {
      return added ? mean : mean / count;
    }

    double max() {
      return max;
    }

    long samples() {
      return samples;
    }

    MetricSummary summary(String unit, double factor) {
      return new MetricSummary(
          unit,
          Math.max(1, samples),
          null,
          min * factor,
          mean() * factor,
          null,
          Map.of(),
          max * factor,
          Map.of(),
          null);
    }
  }
}
