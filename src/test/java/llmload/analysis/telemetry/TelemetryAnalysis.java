package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.Span;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.metrics.timeline.Tracks;
import llmload.model.CoreMetric;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.ResourceMetric;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.ServerPlace;
import llmload.model.TelemetryId;
import llmload.model.TelemetryReport;
import llmload.model.TelemetrySample;
import llmload.model.TelemetrySeries;
import org.jspecify.annotations.Nullable;

/**
 * What was watched beside the requests, over the measured window: first sent → last end of the OK
 * and failed requests.
 *
 * <p>Feed it every sample and record of a run, in any order, then {@link #into} once. Not safe for
 * use by several threads.
 */
public final class TelemetryAnalysis {
  private static final double NANOS = 1e9;
  private static final double CONTAMINATED_RATIO = 0.01;
  private static final String NO_REQUEST = "no request was measured";

  private final RunManifest manifest;
  private final Coverage coverage;
  private final Tracks tracks = new Tracks();
  private final SourceAccounts accounts = new SourceAccounts();
  private final SourceClocks clocks = new SourceClocks();
  private final SlowestRequests slowest = new SlowestRequests();
  private final AnswerTally answers = new AnswerTally();
  private long startNanos = Long.MAX_VALUE;
  private long fromNanos = Long.MAX_VALUE;
  private long toNanos = Long.MIN_VALUE;

  /** Of any request, warm-up included. */
  private @Nullable Long firstSentNanos;

  /** An analysis of the run that {@code manifest} describes. */
  public TelemetryAnalysis(RunManifest manifest) {
    this.manifest = manifest;
    this.coverage = Coverage.of(manifest.settings());
  }

  /** Takes one sample. */
  public void accept(TelemetrySample sample) {
    if (sample.source().equals(SourceAccounts.SOURCE)) {
      accounts.add(sample);
      clocks.add(sample);
    } else {
      tracks.add(sample);
    }
  }

  /** Takes one request. */
  public void accept(RequestRecord request) {
    answers.addAny(request);
    long sentNanos = request.sentNanos();
    firstSentNanos = firstSentNanos == null ? sentNanos : Math.min(firstSentNanos, sentNanos);
    if (request.phase() == Phase.WARMUP) {
      return;
    }
    startNanos = Math.min(startNanos, request.sentNanos());
    if (request.outcome().isOk() || request.outcome().isFailed()) {
      fromNanos = Math.min(fromNanos, request.sentNanos());
      toNanos = Math.max(toNanos, request.endedNanos());
    }
    if (request.isGeneration()) {
      slowest.add(request);
    }
    if (request.outcome().isOk() && request.isGeneration()) {
      answers.addOk(request);
    }
  }

  /** The memory of this machine, held to a limit, must not speak for a server on another. */
  private void withoutOtherMachine(ResourceFigures metrics) {
    String why = ServerPlace.of(manifest).whyNotJudged();
    if (why != null) {
      metrics.put(ResourceMetric.HOST_MEMORY_PEAK, Figure.absent("ratio", why));
    }
  }

  /** The measurements with everything that telemetry adds to them. */
  public RunMeasurements into(RunMeasurements run) {
    if (toNanos < fromNanos) {
      return run.with(
          Map.of(RunMeasurements.ALL, absent()),
          report(run, Map.of(), List.of(), List.of(), List.of(), List.of()));
    }
    Watch watch = new Watch(tracks, accounts, new Span(fromNanos, toNanos), coverage);
    ResourceFigures figures = new ResourceFigures();
    GpuFigures gpus = new GpuFigures(watch, new IdlePower(manifest.settings(), firstSentNanos));
    gpus.into(
        figures,
        new GpuFigures.Work(
            answers.outputTokens(), answers.whyNoTokens(), answers.okCount(), goodCount(run)));
    new ServerUse(watch, bytesPerToken(), answers).into(figures);
    withoutOtherMachine(figures);
    List<ResultTable> tables = new ArrayList<>();
    List<Span> intervals = SeriesJoin.intervals(run.series(), startNanos);
    List<TelemetrySeries> joined = new SeriesJoin(watch, intervals).series();
    SlowIntervals slow =
        new SlowIntervals(watch, ServerPlace.of(manifest), run.series(), intervals, joined);
    tables.add(slow.table());
    tables.add(slowest.table(watch, run));
    tables.add(slowest.failedTable(watch, run));
    tables.add(ResourceTable.of(tracks, watch));
    RunMeasurements with = run.with(Map.of(RunMeasurements.ALL, figures.metrics()));
    return with.with(
        Map.of(),
        report(with, figures.origins(), tables, joined, gpus.remarks(), restarts(watch))
            .with(slow.time()));
  }

  private TelemetryReport report(
      RunMeasurements run,
      Map<String, String> origins,
      List<ResultTable> tables,
      List<TelemetrySeries> series,
      List<String> remarks,
      List<String> restarts) {
    List<ResultTable> all = new ArrayList<>();
    all.add(accounts.table());
    all.add(clocks.table());
    all.addAll(tables);
    boolean discovers = "auto".equals(manifest.settings().get("telemetry.server"));
    List<String> warnings = new ArrayList<>(accounts.warnings(Coverage.LEAST_RATIO, discovers));
    if (manifest.settings().getOrDefault("telemetry.prometheus.match", "").isBlank()) {
      warnings.addAll(accounts.unsorted());
    }
    warnings.addAll(clocks.warnings());
    contamination(run, warnings);
    return new TelemetryReport(
        Coverage.interval(manifest.settings()).toNanos() / NANOS,
        coverage.mostGapNanos() / NANOS,
        Coverage.LEAST_RATIO,
        origins,
        all,
        series,
        remarks,
        warnings,
        restarts);
  }

  /** Hits of prompts that are meant to be unlike all others make every latency too good. */
  private void contamination(RunMeasurements run, List<String> warnings) {
    MetricSummary hits =
        run.metrics()
            .getOrDefault(RunMeasurements.ALL, Map.of())
            .get(ResourceMetric.PREFIX_HIT_RATE.id());
    Double ratio = hits == null ? null : hits.value();
    boolean distinct =
        "true".equals(manifest.settings().get("nonce"))
            && !manifest.plan().kind().equals(RequestKind.CONVERSATION.id());
    if (ratio != null && ratio >= CONTAMINATED_RATIO && distinct) {
      warnings.add(
          "The server found %.1f %% of the prompt tokens in its prefix cache, though the prompts are"
                  .formatted(ratio * 100)
              + " meant to be distinct (nonce=true): latencies to the first token are too good."
              + " Look for a shared system prompt or other traffic.");
    }
  }

  /** Servers of which a counter fell, or whose start moved, in the window. */
  private static List<String> restarts(Watch watch) {
    List<String> restarts = new ArrayList<>();
    for (Track server : watch.of(Watch.SERVER)) {
      Timeline start = server.of(TelemetryId.PROCESS_START_SECONDS);
      List<String> fallen = new ArrayList<>();
      server
          .all()
          .forEach(
              (id, timeline) -> {
                if (id.kind() == TelemetryId.Kind.COUNTER && timeline.fallsIn(watch.window())) {
                  fallen.add(id.id());
                }
              });
      boolean moved = start != null && start.changesIn(watch.window());
      if (moved || !fallen.isEmpty()) {
        restarts.add(
            "The server %s began anew while it was measured: %s."
                .formatted(
                    ResourceTable.who(server),
                    moved
                        ? "the start of its process moved"
                        : "its counters fell, " + String.join(", ", fallen)));
      }
    }
    return restarts;
  }

  private @Nullable Long goodCount(RunMeasurements run) {
    MetricSummary good =
        run.metrics()
            .getOrDefault(RunMeasurements.ALL, Map.of())
            .get(CoreMetric.GOOD_FRACTION.id());
    Double fraction = good == null ? null : good.value();
    return good == null || fraction == null
        ? null
        : Long.valueOf(Math.round(fraction * good.count()));
  }

  private @Nullable Double bytesPerToken() {
    String text = manifest.settings().getOrDefault("telemetry.kvBytesPerToken", "");
    return text.matches("[0-9]{1,15}") ? Double.valueOf(text) : null;
  }

  private static Map<String, MetricSummary> absent() {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    for (ResourceMetric metric : ResourceMetric.values()) {
      metrics.put(metric.id(), MetricSummary.absent(metric.unit(), NO_REQUEST));
    }
    return metrics;
  }
}
