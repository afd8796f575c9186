package llmload.run;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import llmload.config.Redactor;
import llmload.journal.RunJournal;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.Sampler;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySettings;
import llmload.telemetry.TelemetrySource;
import llmload.telemetry.prometheus.InstanceScrapes;
import llmload.telemetry.prometheus.KeptSamples;
import llmload.telemetry.prometheus.PrometheusClock;
import org.jspecify.annotations.Nullable;

/**
 * What is watched beside the requests, from before the load until after it, into the journal of the
 * run. No source that fails or hangs can fail the run, or delay its end by more than a deadline.
 */
final class RunTelemetry implements AutoCloseable {
  private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(2);
  private static final Duration QUERY_DEADLINE = Duration.ofSeconds(10);

  /** So that a Prometheus server that scrapes each minute has a sample from before the load. */
  private static final Duration BEFORE = Duration.ofMinutes(1);

  /** The source of the sampler's account, which also tells of the Prometheus server. */
  private static final String ACCOUNT = "telemetry";

  private final TelemetrySettings settings;
  private final RunJournal journal;
  private final Redactor redactor;
  private final PageFetch fetch;
  private final Sampler sampler;
  private @Nullable PrometheusClock prometheusClock;
  private final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();
  private boolean closed;

  private RunTelemetry(
      RunSettings all,
      @Nullable EmbeddedServerProcess server,
      String baseUrl,
      RunJournal journal,
      PageFetch fetch) {
    this.settings = all.telemetry();
    this.journal = journal;
    this.fetch = fetch;
    this.redactor = RunEnvironment.redactor(all.target());
    List<TelemetrySource> sources =
        new TelemetrySources(
                settings, baseUrl, Preflight.headers(all.target()), fetch, redactor::redact)
            .all(server == null ? null : server.pid(), System::nanoTime);
    settings
        .prometheus()
        .ifPresent(
            url -> {
              prometheusClock =
                  new PrometheusClock(
                      url, prometheusName(url), fetch, System::nanoTime, startedAt, startedNanos);
              sources.add(prometheusClock);
            });
    this.sampler =
        new Sampler(
            sources,
            new Sampler.Beat(
                settings.interval(),
                deadline(settings.interval()),
                System::nanoTime,
                journal.anchorNanos()),
            this::keep);
  }

  /** Begins to watch. */
  static RunTelemetry start(
      RunSettings settings,
      @Nullable EmbeddedServerProcess server,
      String baseUrl,
      RunJournal journal) {
    try {
      PageFetch fetch = new PageFetch(Preflight.tls(settings.target().verifyTls()));
      RunTelemetry telemetry = new RunTelemetry(settings, server, baseUrl, journal, fetch);
      telemetry.sampler.start();
      return telemetry;
    } catch (GeneralSecurityException e) {
      // The look before the load has had such a context already.
      throw new IllegalStateException(e);
    }
  }

  /** A look may take longer than a short interval, but must not hold up the end of the run. */
  private static Duration deadline(Duration interval) {
    Duration wished =
        interval.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : interval;
    return wished.compareTo(LONGEST_DEADLINE) > 0 ? LONGEST_DEADLINE : wished;
  }

  /** Returns once every source was looked at, and the time before the load is over. */
  void loadBegins() {
    sampler.awaitBaseline();
    pause(settings.lead());
  }

  /** Looks at every source now, beside the interval. */
  void sampleNow() {
    sampler.sampleNow();
  }

  /** Watches on for the time after the load, looks a last time, and ends. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (Signals.received().isEmpty()) {
      pause(settings.tail());
    }
    sampler.close();
    PrometheusClock clock = prometheusClock;
    if (clock != null) {
      settings.prometheus().ifPresent(server -> ask(server, clock));
    }
    fetch.close();
  }

  private String prometheusName(URI server) {
    return "prometheus " + redactor.redact(server.toString());
  }

  private void ask(URI server, PrometheusClock clock) {
    KeptSamples samples =
        new KeptSamples(server, settings.prometheusMatch(), fetch, TelemetrySources::allReaders);
    try {
      measure(clock);
      long fromNanos = startedNanos - BEFORE.toNanos();
      KeptSamples.Stretch stretch =
          new KeptSamples.Stretch(
              startedAt.minus(BEFORE), fromNanos, Duration.ofNanos(System.nanoTime() - fromNanos));
      samples.read(
          stretch,
          clock,
          QUERY_DEADLINE,
          reading -> keep(sample(reading, Map.of("by", "prometheus"))));
    } catch (SourceException e) {
      miss(prometheusName(server), 1, e.reason(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      miss(prometheusName(server), 1, MissReason.INTERNAL, e.toString());
    }
    for (InstanceScrapes instance : samples.scrapes()) {
      account(instance, prometheusName(server) + ", instance " + instance.instance());
    }
  }

  /** How many scrapes of an instance there are, and how many there should be beside them. */
  private void account(InstanceScrapes scrapes, String name) {
    Map<String, String> about =
        Map.of("instance", scrapes.instance(), "kinds", String.join(" ", scrapes.kinds()));
    keep(accountOf(name, TelemetryId.TAKEN_COUNT, scrapes.keptCount(), about));
    long missing = scrapes.missingCount();
    if (missing > 0) {
      String message = "no scrape kept, of one each %d ms".formatted(scrapes.usualMillis());
      miss(name, missing, MissReason.UNREACHABLE, message);
    }
  }

  private void measure(PrometheusClock clock) throws InterruptedException {
    try {
      keep(sample(clock.ask(QUERY_DEADLINE), Map.of()));
    } catch (SourceException e) {
      // What was measured before counts; where that is nothing, the account of the clock says so.
      return;
    }
  }

  private TelemetrySample sample(Reading reading, Map<String, String> further) {
    Map<String, String> labels = new LinkedHashMap<>(reading.labels());
    labels.putAll(further);
    return new TelemetrySample(
        reading.source(),
        reading.takenNanos(startedNanos) - journal.anchorNanos(),
        reading.values(),
        labels);
  }

  private void miss(String name, long count, MissReason reason, String message) {
    Map<String, String> about = Map.of("reason", reason.name(), "message", message);
    keep(accountOf(name, TelemetryId.MISSED_COUNT, count, about));
  }

  private TelemetrySample accountOf(
      String name, TelemetryId id, long count, Map<String, String> about) {
    Map<String, String> labels = new LinkedHashMap<>(about);
    labels.put("of", name);
    return new TelemetrySample(
        ACCOUNT,
        System.nanoTime() - journal.anchorNanos(),
        Map.of(id.id(), (double) count),
        labels);
  }

  /** What a failure says may hold what was sent. */
  private void keep(TelemetrySample sample) {
    if (!sample.labels().containsKey("message")) {
      journal.append(sample);
      return;
    }
    Map<String, String> labels = new LinkedHashMap<>();
    sample.labels().forEach((name, value) -> labels.put(name, redactor.redact(value)));
    journal.append(new TelemetrySample(sample.source(), sample.atNanos(), sample.values(), labels));
  }

  private static void pause(Duration time) {
    try {
      boolean unused = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
