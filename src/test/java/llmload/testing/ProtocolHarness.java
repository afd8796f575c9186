package llmload.testing;

import static io.gatling.javaapi.http.HttpDsl.http;

import com.typesafe.scalalogging.Logger;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.commons.util.DefaultClock;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.actor.ActorRef;
import io.gatling.core.actor.ActorSystem;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.controller.Controller;
import io.gatling.core.pause.Disabled$;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolComponentsRegistry;
import io.gatling.core.session.GroupBlock;
import io.gatling.core.session.Session;
import io.gatling.core.stats.StatsEngine;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.netty.util.Transports;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import llmload.journal.RunJournal;
import llmload.model.JournalFooter;
import llmload.model.RequestRecord;
import llmload.protocol.LlmDsl;
import llmload.protocol.LlmProtocolBuilder;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.RequestLog;
import scala.Option;

/**
 * The llm protocol on Gatling's real HTTP engine, without Gatling around it: one event loop, a
 * statistics engine that remembers, a journal in a temporary folder.
 */
public final class ProtocolHarness implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final EventLoopGroup loops = Transports.newEventLoopGroup(true, false, 1, "harness");
  private final ActorSystem actors = new ActorSystem();
  private final RememberedStats stats = new RememberedStats();
  private final BlockingQueue<RequestRecord> records = new LinkedBlockingQueue<>();
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private final AtomicLong users = new AtomicLong();
  private final Path folder;
  private final RunJournal journal;
  private final RequestLog log;
  private final LlmProtocolBuilder protocol;
  private final CoreComponents core;
  private final ProtocolComponentsRegistry registry;

  /**
   * A response as Gatling's own statistics heard of it.
   *
   * @param name the request's name
   * @param millis its response time
   * @param ok whether it was OK
   * @param message the failure's text; empty if it was OK
   */
  public record LoggedResponse(String name, long millis, boolean ok, String message) {}

  /**
   * A session after the request.
   *
   * @param failed whether it was marked as failed
   * @param attributes its attributes
   */
  public record Onward(boolean failed, Map<String, Object> attributes) {}

  private ProtocolHarness(
      String baseUrl,
      UnaryOperator<HttpProtocolBuilder> http,
      UnaryOperator<LlmProtocolBuilder> settings,
      UnaryOperator<String> redactor) {
    try {
      this.folder = Files.createTempDirectory("llmload-harness");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.journal = RunJournal.open(folder, System.nanoTime(), 10_000);
    journal.listen(records::add);
    this.log = RequestLog.to(journal, redactor);
    this.protocol = settings.apply(LlmDsl.llm(http.apply(http(baseUrl))).model("m")).recordTo(log);
    this.core =
        new CoreComponents(
            actors,
            loops,
            noController(),
            Option.empty(),
            stats,
            new DefaultClock(),
            new Next(),
            GatlingConfiguration.load());
    scala.collection.immutable.Map<Class<? extends Protocol>, Protocol> protocols =
        new scala.collection.immutable.Map.Map1<>(
            protocol.protocol().getClass(), protocol.protocol());
    this.registry =
        new ProtocolComponentsRegistry(
            core,
            protocols,
            new scala.collection.mutable.HashMap<>(),
            new scala.collection.mutable.HashMap<>());
  }

  /** A harness with the protocol's defaults. */
  public static ProtocolHarness to(String baseUrl) {
    return to(baseUrl, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** A harness whose HTTP and llm settings are changed first. */
  public static ProtocolHarness to(
      String baseUrl,
      UnaryOperator<HttpProtocolBuilder> http,
      UnaryOperator<LlmProtocolBuilder> settings) {
    return to(baseUrl, http, settings, UnaryOperator.identity());
  }

  /** The same, with a redactor of the texts that come from the server. */
  public static ProtocolHarness to(
      String baseUrl,
      UnaryOperator<HttpProtocolBuilder> http,
      UnaryOperator<LlmProtocolBuilder> settings,
      UnaryOperator<String> redactor) {
    return new ProtocolHarness(baseUrl, http, settings, redactor);
  }

  /** A session without attributes, for what only wants one to look things up in. */
  @SuppressWarnings("NullAway") // nothing runs on its event loop
  public static io.gatling.javaapi.core.Session emptySession() {
    return new io.gatling.javaapi.core.Session(
        io.gatling.core.session.Session$.MODULE$.apply("test", 1, null));
  }

  private static HttpProtocolBuilder http(String baseUrl) {
    // What Gatling's launcher does before it makes a simulation; without it the DSL refuses to
    // load.
    io.gatling.core.Predef$.MODULE$._configuration_$eq(GatlingConfiguration.load());
    return http.baseUrl(baseUrl).disableWarmUp().disableCaching().disableFollowRedirect();
  }

  @SuppressWarnings("NullAway") // no action asks for the controller
  private static ActorRef<Controller.Command> noController() {
    return null;
  }

  /** The log that requests are entered in. */
  public RequestLog log() {
    return log;
  }

  /** The event loop that sends them. */
  public io.netty.channel.EventLoop loop() {
    return loops.next();
  }

  /** What Gatling's statistics heard, in order. */
  public List<LoggedResponse> logged() {
    return List.copyOf(stats.responses);
  }

  /** Sends one request of a user of its own and waits for its record. */
  public RequestRecord send(LlmRequestBuilder request) {
    return send(request, users.incrementAndGet(), Map.of());
  }

  /** Sends one request of that user, whose connections are kept, and waits for its record. */
  public RequestRecord send(LlmRequestBuilder request, long user, Map<String, Object> attributes) {
    begin(request, user, attributes);
    return awaitRecord();
  }

  /** Sends a request; returns at once. */
  public void begin(LlmRequestBuilder request, long user, Map<String, Object> attributes) {
    Action action =
        request
            .asScala()
            .build(new ScenarioContext(core, registry, Disabled$.MODULE$, false), new Next());
    Session session =
        registry
            .onStart()
            .apply(io.gatling.core.session.Session$.MODULE$.apply("test", user, loops.next()));
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      session = session.set(attribute.getKey(), attribute.getValue());
    }
    action.$bang(session);
  }

  /** The next record that reaches the journal. */
  public RequestRecord awaitRecord() {
    try {
      RequestRecord record = records.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (record == null) {
        throw new AssertionError("no record within " + PATIENCE_SECONDS + " s");
      }
      return record;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next session that went on to the action after the request. */
  public Session awaitSession() {
    try {
      Session session = sessions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (session == null) {
        throw new AssertionError("no session went on within " + PATIENCE_SECONDS + " s");
      }
      return session;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What the next session that went on carries. */
  public Onward awaitOnward() {
    Session session = awaitSession();
    return new Onward(
        session.isFailed(),
        Map.copyOf(scala.jdk.javaapi.CollectionConverters.asJava(session.attributes())));
  }

  /** Ends the journal and returns its counts. */
  public JournalFooter finish() {
    return journal.finish(null, null);
  }

  /** Whether anything more was recorded than has been awaited. */
  public List<RequestRecord> unexpected() {
    List<RequestRecord> more = new ArrayList<>();
    records.drainTo(more);
    return more;
  }

  /** The journal's folder. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    journal.finish(null, null);
    // First: it closes the engine's channels and waits for that, which takes a living event loop.
    actors.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  /** The end of the scenario. */
  private final class Next implements Action {
    @Override
    public Logger logger() {
      return Logger.apply(org.slf4j.LoggerFactory.getLogger("next"));
    }

    @Override
    public void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger logger) {}

    @Override
    public String name() {
      return "next";
    }

    @Override
    public void $bang(Session session) {
      sessions.add(session);
    }

    @Override
    public void execute(Session session) {
      sessions.add(session);
    }
  }

  private static final class RememberedStats implements StatsEngine {
    private final List<LoggedResponse> responses = new CopyOnWriteArrayList<>();

    @Override
    public void start() {}

    @Override
    public void stop(ActorRef<Controller.Command> controller, Option<Exception> error) {}

    @Override
    public void logUserStart(String scenario) {}

    @Override
    public void logUserEnd(String scenario) {}

    @Override
    @SuppressWarnings("checkstyle:ParameterNumber") // Gatling's own signature
    public void logResponse(
        String scenario,
        scala.collection.immutable.List<String> groups,
        String requestName,
        long startMillis,
        long endMillis,
        Status status,
        Option<String> code,
        Option<String> message) {
      responses.add(
          new LoggedResponse(
              requestName,
              endMillis - startMillis,
              status == OK$.MODULE$,
              message.isDefined() ? message.get() : ""));
    }

    @Override
    public void logGroupEnd(String scenario, GroupBlock group, long exitMillis) {}

    @Override
    public void logRequestCrash(
        String scenario,
        scala.collection.immutable.List<String> groups,
        String requestName,
        String error) {
      responses.add(new LoggedResponse(requestName, 0, false, "crash: " + error));
    }
  }
}
