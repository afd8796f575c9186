package llmload.run;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import llmload.config.ConfigException;
import llmload.config.Redactor;
import llmload.journal.LiveCounts;
import llmload.journal.ManifestFile;
import llmload.journal.RunJournal;
import llmload.model.ExitCode;
import llmload.model.RunManifest;
import llmload.model.TargetServer;
import llmload.protocol.RequestLog;
import llmload.run.baseline.BaselineFile;
import llmload.telemetry.injector.InjectorCollector;
import llmload.wire.Dialect;
import llmload.wire.ServerCall;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/**
 * A run from its first setting to its exit code.
 *
 * <p>The load ends in {@link #loadEnded}, on Gatling's thread. The report is written in a shutdown
 * hook, since only there Gatling's own is on disk; the same hook serves a run that a signal or a
 * crash ends early.
 */
final class ActiveRun {
  private static final int JOURNAL_QUEUE = 100_000;
  private static final long FREEZE_MILLIS = 2_000;

  private final Class<?> simulation;
  private final Path root;
  private final RunSettings settings;
  private final Path folder;
  private final Instant startedAt;
  private final @Nullable EmbeddedServerProcess server;
  private final String baseUrl;
  private final @Nullable String model;
  private final ServerCalls calls;
  private final List<NamedTarget> endpoints;
  private final @Nullable TokenCounter tokenCounter;
  private final RunJournal journal;
  private final RequestLog log;
  private final LoadControl control;
  private final InjectorCollector collector;
  private final RunTelemetry telemetry;
  private final ServerCounters counters;
  private final ProgressLine progress;
  private final @Nullable AlertWatch alerts;
  private final RunManifest manifest;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "llmload-run");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicBoolean measuring = new AtomicBoolean();
  private final AtomicBoolean finished = new AtomicBoolean();
  private volatile Supplier<List<ServerCall>> leavings = List::of;
  private volatile @Nullable Long plannedCount;
  private volatile @Nullable Instant endedAt;
  private volatile long endedNanos;

  private ActiveRun(
      Class<?> simulation, Path root, RunSettings settings, Path folder, Workload workload) {
    this.simulation = simulation;
    this.root = root;
    this.settings = settings;
    this.folder = folder;
    this.startedAt = Instant.now();
    long anchor = System.nanoTime();
    TargetSettings target = settings.target();
    Dialect dialect = settings.dialect();
    this.tokenCounter = settings.request().tokenCounter();
    this.server = target.baseUrl() == null ? EmbeddedServerProcess.start(root, settings) : null;
    this.baseUrl = server == null ? String.valueOf(target.baseUrl()) : server.baseUrl();
    Preflight preflight = Preflight.ask(baseUrl, dialect, target);
    this.model = Preflight.modelFor(target, preflight);
    this.calls = new ServerCalls(baseUrl, target, System::nanoTime);
    workload.needs().ifPresent(needs -> calls.check(needs, preflight, model, engine()));
    this.endpoints =
        Preflight.sideBySide(
            new NamedTarget(NamedTarget.DEFAULT_LABEL, baseUrl, model), dialect, target);
    Redactor redactor = RunEnvironment.redactor(target);
    this.journal = RunJournal.open(folder, anchor, JOURNAL_QUEUE);
    this.log = RequestLog.to(journal, redactor::redact);
    this.control = control(settings.load());
    this.collector =
        new InjectorCollector(new LoadSource(), journal::append, System::nanoTime, anchor);
    this.telemetry = RunTelemetry.start(settings, server, baseUrl, journal);
    this.counters =
        new ServerCounters(
            dialect, baseUrl, target, journal::append, () -> System.nanoTime() - anchor);
    this.progress = new ProgressLine(journal, System.out, RunEnvironment.isTerminal());
    settings.load().requests().ifPresent(this::plan);
    this.manifest =
        new RunManifest(
            String.valueOf(folder.getFileName()),
            simulation.getName(),
            startedAt,
            null,
            null,
            new TargetServer(
                redactor.redact(baseUrl),
                target.dialect(),
                model,
                engine(),
                redacted(redactor, preflight.serverVersion())),
            settings.load().plan(settings.request().stream() && dialect.canStream(), plannedCount),
            settings.gate().targets(),
            settings.gate().failOn(),
            settings.gate().validityLimits(),
            RunEnvironment.redacted(settings.resolved(), redactor),
            RunEnvironment.describe(root, settings, endpoints),
            null,
            RunEnvironment.warnings(settings, server, preflight).stream()
                .map(redactor::redact)
                .toList());
    this.alerts = AlertWatch.begin(settings, manifest, journal, progress::say);
    ManifestFile.write(folder, manifest);
    keepBaseline();
  }

  private void keepBaseline() {
    settings
        .gate()
        .baseline()
        .ifPresent(baseline -> BaselineFile.write(folder.resolve(BaselineFile.IN_RUN), baseline));
  }

  /** Begins a run, or ends the JVM with one clear line a problem. */
  static ActiveRun begin(Class<?> simulation, Workload workload) {
    Path root = ProjectFolder.find();
    RunSettings settings;
    Path folder;
    try {
      settings =
          RunSettings.read(
              RunEnvironment.systemProperties(),
              AgentMemoryVariables.translated(System.getenv(), workload),
              root,
              workload);
      folder =
          RunFolder.create(
              settings.results(), simulation.getSimpleName(), Instant.now(), settings.runId());
    } catch (ConfigException e) {
      throw RunAbort.exit(ExitCode.BAD_INPUT, e.problems(), simulation, null);
    }
    try {
      ActiveRun run = new ActiveRun(simulation, root, settings, folder, workload);
      run.watch();
      return run;
    } catch (ConfigException e) {
      throw abort(ExitCode.BAD_INPUT, e.problems(), simulation, settings, folder);
    } catch (Preflight.UnreachableException e) {
      throw abort(
          ExitCode.UNREACHABLE,
          List.of(String.valueOf(e.getMessage())),
          simulation,
          settings,
          folder);
    } catch (UncheckedIOException e) {
      throw abort(
          ExitCode.BAD_INPUT,
          List.of(String.valueOf(e.getMessage())),
          simulation,
          settings,
          folder);
    }
  }

  /** What a server says may hold what it was told. */
  private static @Nullable String redacted(Redactor redactor, @Nullable String text) {
    return text == null ? null : redactor.redact(text);
  }

  private static RuntimeException abort(
      int code, List<String> problems, Class<?> simulation, RunSettings settings, Path folder) {
    TargetSettings target = settings.target();
    Redactor redactor = RunEnvironment.redactor(target);
    String baseUrl = target.baseUrl();
    return RunAbort.exit(
        code,
        problems.stream().map(redactor::redact).toList(),
        simulation,
        new RunAbort.Begun(
            folder,
            new TargetServer(
                baseUrl == null ? "the embedded server" : redactor.redact(baseUrl),
                target.dialect(),
                target.model(),
                baseUrl == null ? target.engine() : null,
                null)));
  }

  private void watch() {
    journal.onFailure(
        problem -> {
          System.err.println("llmload: the journal cannot be written, the load stops: " + problem);
          log.stop();
        });
    Signals.note();
    ParentWatch.start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::finish, "llmload-report"));
    manifest.warnings().forEach(warning -> System.out.println("llmload: " + warning));
    System.out.println(
        "llmload: "
            + manifest.runId()
            + " against "
            + manifest.target().baseUrl()
            + (server == null ? "" : " (embedded, engine " + server.engine() + ")")
            + (model == null ? "" : ", model " + model));
  }

  private @Nullable String engine() {
    return server == null ? null : server.engine();
  }

  RunSettings settings() {
    return settings;
  }

  RunManifest manifest() {
    return manifest;
  }

  Path root() {
    return root;
  }

  String baseUrl() {
    return baseUrl;
  }

  @Nullable String model() {
    return model;
  }

  List<NamedTarget> endpoints() {
    return endpoints;
  }

  @Nullable TokenCounter tokenCounter() {
    return tokenCounter;
  }

  /** Counts as the embedded server does; {@code null} for any other server. */
  @Nullable TokenCounter embeddedTokenizer() {
    return server == null ? null : new EmbeddedTokenizer(baseUrl);
  }

  RequestLog log() {
    return log;
  }

  RunJournal journal() {
    return journal;
  }

  LoadControl control() {
    return control;
  }

  LoadControl control(LoadSettings part) {
    return new LoadControl(part, log, System::nanoTime, this::measuringBegins);
  }

  void plan(long count) {
    plannedCount = count;
  }

  void tidyUpBy(Supplier<List<ServerCall>> last) {
    leavings = last;
  }

  void loadBegins() {
    telemetry.loadBegins();
    counters.read(ServerCounters.BEFORE);
    collector.start();
    progress.start();
    settings.load().maxDuration().ifPresent(max -> endLoadAfter(max, Duration.ZERO));
  }

  /** Each part of the load says so; the first one counts. */
  private void measuringBegins() {
    if (!measuring.compareAndSet(false, true)) {
      return;
    }
    // A sample tells of the time since the one before: the first of the measured time shall tell
    // nothing of the warm-up.
    collector.sample();
    telemetry.sampleNow();
    LoadSettings load = settings.load();
    if (load.duration().isEmpty()) {
      return;
    }
    Duration time = load.duration().get();
    if (load.isOpen()) {
      // Its last arrivals still wait for their moment when the time is over.
      endLoadAfter(time.plus(LoadControl.ARRIVAL_LEAD).plus(load.drain()), Duration.ZERO);
    } else {
      endLoadAfter(time, load.drain());
    }
  }

  /** Requests stop at once; those in flight may go on for {@code drain}. */
  private void endLoadAfter(Duration time, Duration drain) {
    var unusedStop = timer.schedule(log::stop, time.toNanos(), TimeUnit.NANOSECONDS);
    var unusedEnd =
        timer.schedule(log::abandonAll, time.plus(drain).toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The load is over: nothing that happens from here on counts. */
  void loadEnded() {
    endedNanos = System.nanoTime() - journal.anchorNanos();
    endedAt = Instant.now();
    log.freeze(FREEZE_MILLIS);
    // Here and not in the hook, where it would tell of Gatling's work on its report.
    collector.close();
    telemetry.close();
    counters.read(ServerCounters.AFTER);
    calls.tidyUp(leavings.get()).ifPresent(problem -> System.out.println("llmload: " + problem));
  }

  /** Runs in the shutdown hook, once; whatever happened, a report is written. */
  private void finish() {
    if (!finished.compareAndSet(false, true)) {
      return;
    }
    boolean early = endedAt == null;
    int exitCode;
    try {
      if (early) {
        loadEnded();
      }
      String interruptedBy = interruptedBy(early);
      progress.close();
      journal.finish(plannedCount, interruptedBy);
      if (alerts != null) {
        alerts.close();
      }
      exitCode =
          new RunFinish(root, folder, simulation, manifest).write(early, endedAt, endedNanos);
    } catch (RuntimeException | Error e) {
      System.out.println("llmload: the report could not be written: " + e);
      e.printStackTrace(System.out);
      exitCode = ExitCode.INTERNAL;
    }
    if (server != null) {
      server.close();
    }
    System.out.flush();
    if (exitCode != ExitCode.PASS) {
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private @Nullable String interruptedBy(boolean early) {
    Optional<String> signal = Signals.received();
    if (signal.isPresent() && early) {
      return signal.get();
    }
    if (journal.failure().isPresent()) {
      return "journal: " + journal.failure().get();
    }
    return early ? "crash" : null;
  }

  /** What the injector's samples say of the load. */
  private final class LoadSource implements InjectorCollector.Source {
    @Override
    public InjectorCollector.Progress progress() {
      LiveCounts counts = journal.counts();
      return new InjectorCollector.Progress(
          counts.startedCount(),
          counts.okCount() + counts.failedCount() + counts.incompleteCount());
    }

    @Override
    public long takeEventLoopLagNanos() {
      return log.eventLoopLag().takeMaxNanos();
    }
  }
}
