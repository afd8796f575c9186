package llmload.analysis.telemetry;

import java.util.List;
import java.util.Map;
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

  /** A gauge's value times seconds; {@code null} if too little of the window is known. */
  @Nullable Double integral(Track track, TelemetryId id) {
    return coverage.integral(track.of(id), window);
  }

  /** The growth of a counter, added up over everything of a source. */
  MetricSummary counter(String source, TelemetryId id, String unit, double factor) {
    double sum = 0;
    long samples = 0;
    List<Track> all = of(source);
    for (Track track : all) {
      Timeline timeline = track.of(id);
      Growth growth = growth(timeline);
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
    Growth growth = counter ? timeline.growth(window, coverage.mostGapNanos()) : null;
    Level level = counter ? null : timeline.level(window, coverage.mostGapNanos());
    if (growth != null && growth.resetCount() > 0 && id == TelemetryId.ENERGY_JOULES) {
      return "%s of %s began anew in the window".formatted(id.id(), name(source, track));
    }
    double covered = growth != null ? growth.coveredRatio() : 0;
    covered = level != null ? level.coveredRatio() : covered;
    String told = accounts.silence(source);
    return "samples of %s cover %.2f of the window, %.2f is needed%s"
        .formatted(
            id.id(),
            covered,
            counter ? Coverage.LEAST_RATIO : Coverage.LEAST_GAUGE_RATIO,
            told == null ? "" : " (" + told + ")");
  }

  /** What a reader calls a thing: the server's kind, the GPU's collector. */
  static String name(String source, Track track) {
    Map<String, String> labels = track.labels();
    String name = source.equals(SERVER) ? labels.get("engine") : labels.get("via");
    return name == null ? "the " + source : name;
  }
}
