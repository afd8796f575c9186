package llmload.run;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import llmload.journal.ManifestFile;
import llmload.journal.RunJournal;
import llmload.metrics.RequestFixture;
import llmload.model.GatlingCount;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.Target;
import llmload.model.TargetServer;
import llmload.model.TelemetrySample;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Sampler;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/**
 * A run of a minute whose clock stands still between looks: sources are scraped over HTTP into a
 * journal, and the report is made of that journal alone.
 */
final class ReplayedRun {
  static final long MINUTE_NANOS = 60_000_000_000L;

  private static final int REQUESTS = 10;
  private static final int TOKENS = 9_060;

  private final Path folder;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<TelemetrySource> sources = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final PageFetch fetch = new PageFetch();
  private final AtomicLong clock = new AtomicLong();
  private final BlockingQueue<TelemetrySample> seen = new LinkedBlockingQueue<>();
  private Duration clockStep = Duration.ZERO;
  private Duration deadline = Duration.ofMillis(700);
  private int lastsMillis = Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(MINUTE_NANOS));

  ReplayedRun(Path folder) {
    this.folder = folder;
    settings.put("telemetry.interval", "1m");
  }

  ReplayedRun set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  ReplayedRun target(Target target) {
    targets.add(target);
    return this;
  }

  /** How far the wall clock moves against the run's own during the run. */
  ReplayedRun clockStep(Duration step) {
    clockStep = step;
    return this;
  }

  /** How long a look may take. */
  ReplayedRun patience(Duration time) {
    deadline = time;
    return this;
  }

  /** How long each request takes; all are sent at 0. */
  ReplayedRun requestsLast(int millis) {
    lastsMillis = millis;
    return this;
  }

  /** A source that takes this run's clock. */
  ReplayedRun look(Function<LongSupplier, TelemetrySource> maker) {
    sources.add(maker.apply(clock::get));
    return this;
  }

  /** A source that scrapes {@code url}. */
  ReplayedRun scrape(String kind, String url, ExpositionSource.Reader reader) {
    sources.add(new ExpositionSource(kind + " " + url, URI.create(url), Map.of(), fetch, reader));
    return this;
  }

  /**
   * Looks at the sources at each of the moments, with ten requests of 9,060 tokens from 0 to 60 s.
   *
   * @param perLook samples that each look before the last one gives
   */
  RunReport play(int perLook, long... momentsSeconds) throws InterruptedException {
    return play(
        perLook,
        LongStream.of(momentsSeconds).map(TimeUnit.SECONDS::toNanos).toArray(),
        moment -> {});
  }

  /**
   * The same at moments in nanoseconds.
   *
   * @param arrives what happens at each of them, by its place, once the clock stands there
   */
  RunReport play(int perLook, long[] momentsNanos, IntConsumer arrives)
      throws InterruptedException {
    try (RunJournal journal = RunJournal.open(folder, 0, 1_000)) {
      Sampler sampler =
          new Sampler(
              sources,
              new Sampler.Beat(Duration.ofNanos(MINUTE_NANOS), deadline, clock::get, 0),
              sample -> {
                journal.append(sample);
                if (!sample.source().equals("telemetry")) {
                  seen.add(sample);
                }
              });
      sampler.start();
      arrives.accept(0);
      sampler.awaitBaseline();
      await(perLook);
      for (int i = 1; i < momentsNanos.length; i++) {
        clock.set(momentsNanos[i]);
        arrives.accept(i);
        if (i < momentsNanos.length - 1) {
          sampler.sampleNow();
          await(perLook);
        }
      }
      sampler.close();
      journal.append(
          new TelemetrySample(
              "injector",
              MINUTE_NANOS,
              Map.of("event_loop_lag_max_ms", 0.5, "gc_pause_max_ms", 1.0),
              Map.of()));
      for (int i = 0; i < REQUESTS; i++) {
        journal.started(Phase.MEASURE);
        journal.append(
            RequestFixture.stream(lastsMillis / 3, lastsMillis - lastsMillis / 3)
                .connected(1)
                .usage(100, TOKENS)
                .build());
      }
      journal.finish((long) REQUESTS, null);
    }
    ManifestFile.write(folder, manifest());
    return Aggregator.aggregate(folder);
  }

  private void await(int samples) throws InterruptedException {
    for (int i = 0; i < samples; i++) {
      if (seen.poll(20, TimeUnit.SECONDS) == null) {
        throw new AssertionError("no sample came");
      }
    }
  }

  private RunManifest manifest() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    return new RunManifest(
        "replayed",
        "llmload.simulations.LoadSimulation",
        start,
        start.plusSeconds(60).plus(clockStep),
        MINUTE_NANOS,
        new TargetServer("http://gpu:8000", "openai-chat", "m", null, null),
        new LoadPlan("chat", "closed", 10, null, null, 10L, null, true, 1L),
        targets,
        List.of("invalid", "required"),
        Map.of(),
        settings,
        Map.of(),
        Map.of("chat", new GatlingCount(REQUESTS, 0)),
        List.of());
  }

  /** A metric of the scope {@code all}. */
  static MetricSummary metric(RunReport report, String id) {
    MetricSummary found = report.measurements().metrics().getOrDefault("all", Map.of()).get(id);
    if (found == null) {
      throw new AssertionError("no metric " + id);
    }
    return found;
  }

  /** What a counter grew by, of each thing that has it; {@code null} where it is not measured. */
  static List<@Nullable Double> grown(RunReport report, String name) {
    ResultTable table =
        report.measurements().telemetry().tables().stream()
            .filter(t -> t.id().equals("resources"))
            .findFirst()
            .orElseThrow();
    List<@Nullable Double> growths = new ArrayList<>();
    for (List<@Nullable Object> row : table.rows()) {
      if (name.equals(row.get(2))) {
        growths.add(row.get(3) instanceof Double growth ? rounded(growth) : null);
      }
    }
    return growths;
  }

  private static Double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
