package llmload.run;

import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpDsl;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import llmload.model.RequestRecord;
import llmload.model.ServerPlace;
import llmload.model.TelemetrySample;
import llmload.protocol.LlmDsl;
import llmload.protocol.LlmProtocolBuilder;
import llmload.protocol.RequestLog;
import llmload.protocol.SessionKeys;
import llmload.wire.Dialect;
import llmload.wire.ServerCall;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/**
 * The base class of every simulation: a run begins when it is made and is reported when the JVM
 * ends.
 *
 * <p>Its constructor reads the settings, makes the run's folder, starts the embedded server where
 * no other is named, and looks whether the target answers; what is wrong ends the JVM with one
 * clear line and an exit code. A subclass builds its scenarios on {@link #llmProtocol} and {@link
 * #control}.
 */
public abstract class LlmSimulation extends Simulation {
  private final ActiveRun run;

  /** Begins a run. */
  protected LlmSimulation() {
    this(Workload.OF_SETTINGS);
  }

  /** Begins a run that sends requests of the simulation's own choice. */
  protected LlmSimulation(Workload workload) {
    // A report says the same in every country.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    this.run = ActiveRun.begin(getClass(), workload);
  }

  /** The settings in force. */
  protected final RunSettings settings() {
    return run.settings();
  }

  /** The tickets that end the load when the plan is done. */
  protected final LoadControl control() {
    return run.control();
  }

  /** The tickets of a part of the load, which count apart from all others. */
  protected final LoadControl control(LoadSettings part) {
    return run.control(part);
  }

  /** The tokenizer that the settings name; {@code null} if they name none. */
  protected final @Nullable TokenCounter tokenCounter() {
    return run.tokenCounter();
  }

  /**
   * Counts the tokens of a text, special ones included, as the embedded server does; {@code null}
   * for any other server. For use before the load: each count waits for the server's answer.
   */
  protected final @Nullable TokenCounter embeddedTokenizer() {
    return run.embeddedTokenizer();
  }

  /** Where requests are recorded. */
  protected final RequestLog log() {
    return run.log();
  }

  /**
   * Has {@code listener} see each record as soon as it is in the journal, on the journal's thread;
   * one that throws is left out from then on.
   */
  protected final void listen(Consumer<RequestRecord> listener) {
    run.journal().listen(listener);
  }

  /** The same for each telemetry sample. */
  protected final void listenToSamples(Consumer<TelemetrySample> listener) {
    run.journal().listenToSamples(listener);
  }

  /** The monotonic clock that all of a run's moments are of, in nanoseconds. */
  protected final LongSupplier nanoClock() {
    return System::nanoTime;
  }

  /** The project's folder. */
  protected final Path projectFolder() {
    return run.root();
  }

  /** The name of the run's folder. */
  protected final String runId() {
    return run.manifest().runId();
  }

  /** Where the server under test is. */
  protected final String baseUrl() {
    return run.baseUrl();
  }

  /** Where the server under test runs, seen from this machine. */
  protected final ServerPlace serverPlace() {
    return ServerPlace.of(run.manifest());
  }

  /** Tells the run how many measured requests its plan comes to, where that is known. */
  protected final void plan(long plannedCount) {
    run.plan(plannedCount);
  }

  /**
   * Has the run make these calls when its load has ended, to leave the server as it was. They are
   * no requests of the run; one that fails is told on the console.
   */
  protected final void tidyUpBy(Supplier<List<ServerCall>> calls) {
    run.tidyUpBy(calls);
  }

  /** The llm protocol of the settings: URL, headers, dialect, model, timeouts, TLS, journal. */
  protected final LlmProtocolBuilder llmProtocol() {
    return llmProtocol(new NamedTarget(NamedTarget.DEFAULT_LABEL, run.baseUrl(), run.model()));
  }

  /**
   * The servers to lay side by side, in the order of the setting {@code endpoints}; where it is not
   * given, the run's only server under {@link NamedTarget#DEFAULT_LABEL}.
   */
  protected final List<NamedTarget> endpoints() {
    return run.endpoints();
  }

  /**
   * The llm protocol of the settings towards one of {@link #endpoints}, for a population of its
   * own. What a user sends there carries the tag {@code endpoint} where the session attribute
   * {@link SessionKeys#ENDPOINT} holds its label.
   */
  protected final LlmProtocolBuilder llmProtocol(NamedTarget endpoint) {
    TargetSettings target = run.settings().target();
    Dialect dialect = run.settings().dialect();
    HttpProtocolBuilder http =
        HttpDsl.http
            .baseUrl(endpoint.baseUrl())
            .disableWarmUp()
            .disableCaching()
            .disableFollowRedirect();
    for (Map.Entry<String, String> header : target.allHeaders().entrySet()) {
      http = http.header(header.getKey(), header.getValue());
    }
    if (run.settings().load().isOpen()) {
      http = http.shareConnections();
    }
    return LlmDsl.llm(http).dialect(dialect).model(endpoint.model()).stream(
            run.settings().request().stream())
        .timeouts(run.settings().request().timeouts())
        .verifyTls(target.verifyTls())
        .tokenCounter(run.tokenCounter())
        .recordTo(run.log());
  }

  /** The load begins. A subclass that overrides this calls it. */
  @Override
  public void before() {
    run.loadBegins();
  }

  /**
   * The load has ended; Gatling's report is not there yet. A subclass that overrides this calls it.
   */
  @Override
  public void after() {
    run.loadEnded();
  }
}
