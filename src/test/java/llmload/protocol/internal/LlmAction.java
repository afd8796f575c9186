package llmload.protocol.internal;

import io.gatling.commons.stats.KO$;
import io.gatling.commons.util.Clock;
import io.gatling.commons.validation.Failure;
import io.gatling.commons.validation.Success;
import io.gatling.commons.validation.Validation;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.controller.throttle.Throttler$Command$ThrottledRequest;
import io.gatling.core.session.Session;
import io.gatling.http.action.UnnamedRequestAction;
import io.gatling.http.cache.SslContextSupport;
import io.gatling.http.request.HttpRequest;
import io.gatling.http.request.HttpRequestDef;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import llmload.model.ChunkTimeline;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.Tags;
import llmload.model.TokenUsage;
import llmload.protocol.Conversation;
import llmload.protocol.FailureTexts;
import llmload.protocol.InFlight;
import llmload.protocol.ProtocolSettings;
import llmload.protocol.RequestLog;
import llmload.protocol.RequestTemplate;
import llmload.protocol.SessionKeys;
import llmload.protocol.exchange.ExchangeRecord;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Option;
import scala.runtime.BoxedUnit;

/**
 * The Gatling action of an llm request: builds it, waits for its intended moment, and hands it to
 * an {@link LlmExchange}. Runs on the session's event loop.
 */
final class LlmAction extends UnnamedRequestAction {

  /**
   * What does not change from one session to the next.
   *
   * @param template the request
   * @param stream whether the answer is streamed
   * @param settings the protocol's settings
   * @param llm the protocol's components
   * @param core Gatling's components
   * @param definition Gatling's HTTP request
   * @param throttled whether the simulation throttles
   */
  record Plan(
      RequestTemplate template,
      boolean stream,
      ProtocolSettings settings,
      LlmProtocol.Components llm,
      CoreComponents core,
      HttpRequestDef definition,
      boolean throttled) {}

  private final Plan plan;
  private final Action next;

  LlmAction(Plan plan, Action next) {
    super(plan.core().statsEngine());
    this.plan = plan;
    this.next = next;
  }

  @Override
  public String name() {
    return plan.template().name();
  }

  @Override
  public Clock clock() {
    return plan.core().clock();
  }

  @Override
  public Action next() {
    return next;
  }

  @Override
  public Function1<Session, Validation<String>> requestName() {
    return plan.definition().requestName();
  }

  @Override
  public Validation<BoxedUnit> sendRequest(Session arrived) {
    RequestLog log = plan.settings().log();
    if (log.isStopped()) {
      next.$bang(arrived);
      return new Success<>(BoxedUnit.UNIT);
    }
    long now = System.nanoTime();
    Long wanted = attribute(arrived, SessionKeys.INTENDED_NANOS, Long.class);
    long intended = wanted == null ? now : wanted;
    Session session = arrived;
    HttpRequest request;
    LlmExchange exchange;
    try {
      session =
          plan.template().before().apply(new io.gatling.javaapi.core.Session(arrived)).asScala();
      Object built = plan.definition().build(session);
      if (built instanceof Failure failure) { // a Validation<Nothing>, which Java cannot say
        recordNotBuilt(session, intended, failure.message());
        return new Success<>(BoxedUnit.UNIT);
      }
      request = ((Success<?>) built).value() instanceof HttpRequest http ? http : null;
      if (request == null) {
        throw new IllegalStateException("Gatling built no HTTP request");
      }
      exchange = new LlmExchange(plan, session, request, intended, next);
    } catch (RuntimeException e) {
      recordNotBuilt(session, intended, String.valueOf(e.getMessage()));
      return new Success<>(BoxedUnit.UNIT);
    }
    long early = intended - now;
    if (early > 0) {
      var unused = session.eventLoop().schedule(() -> send(exchange), early, TimeUnit.NANOSECONDS);
    } else {
      send(exchange);
    }
    return new Success<>(BoxedUnit.UNIT);
  }

  private void send(LlmExchange exchange) {
    if (plan.throttled() && plan.core().throttler().isDefined()) {
      plan.core()
          .throttler()
          .get()
          .$bang(
              new Throttler$Command$ThrottledRequest(
                  exchange.session().scenario(),
                  () -> {
                    execute(exchange);
                    return BoxedUnit.UNIT;
                  }));
    } else {
      execute(exchange);
    }
  }

  private void execute(LlmExchange exchange) {
    Session session = exchange.session();
    if (plan.settings().log().isStopped()) { // meanwhile: it waited for its moment
      next.$bang(session);
      return;
    }
    if (!exchange.begin()) {
      return;
    }
    try {
      plan.llm()
          .http()
          .httpEngine()
          .executeRequest(
              exchange.request().clientRequest(),
              session.userId(),
              plan.llm().http().httpProtocol().enginePart().shareConnections(),
              session.eventLoop(),
              exchange,
              SslContextSupport.sslContexts(session));
    } catch (RuntimeException e) {
      exchange.onThrowable(e);
    }
  }

  /** A request that the session could not fill in is a fault of the load test, recorded as such. */
  private void recordNotBuilt(Session session, long intended, String why) {
    RequestLog log = plan.settings().log();
    RequestRecord record = notBuilt(session, log, intended, why);
    InFlight marker = new NotBuilt(record);
    if (!log.enter(marker, record.phase())) {
      return;
    }
    log.leave(marker, record);
    if (record.phase() == Phase.MEASURE) {
      long at = clock().nowMillis();
      statsEngine()
          .logResponse(
              session.scenario(),
              session.groups(),
              name(),
              at,
              at,
              KO$.MODULE$,
              Option.empty(),
              Option.apply(FailureTexts.NOT_BUILT));
    }
    next.$bang(session.markAsFailed());
  }

  private RequestRecord notBuilt(Session session, RequestLog log, long intended, String why) {
    return new RequestRecord(
        log.newId(),
        session.scenario(),
        name(),
        (int) session.userId(),
        0,
        phase(session),
        intended - log.anchorNanos(),
        System.nanoTime() - log.anchorNanos(),
        Stamps.endedAt(0),
        ChunkTimeline.EMPTY,
        null,
        Outcome.CLIENT,
        log.redact(FailureTexts.NOT_BUILT + ": " + why),
        null,
        TokenUsage.NONE,
        null,
        0,
        null,
        null,
        Map.of(Tags.KIND, plan.template().kind().id()));
  }

  /** Stands in the log for a request that was never sent. */
  private record NotBuilt(RequestRecord record) implements InFlight {
    @Override
    public void abandon() {}

    @Override
    public RequestRecord incomplete(long nowNanos) {
      return record;
    }
  }

  /** What is known of a request before it is sent. */
  static ExchangeRecord.Identity identity(
      Plan plan, Session session, String name, long intendedAt) {
    RequestTemplate template = plan.template();
    var attributes = new io.gatling.javaapi.core.Session(session);
    boolean inTurns = template.kind() == RequestKind.CONVERSATION;
    Conversation conversation = inTurns ? Conversation.of(attributes) : null;
    Map<String, String> tags = new HashMap<>();
    String endpoint = attribute(session, SessionKeys.ENDPOINT, String.class);
    if (endpoint != null) {
      tags.put(Tags.ENDPOINT, endpoint);
    }
    template.tags().forEach((key, value) -> tags.put(key, value.apply(attributes)));
    return new ExchangeRecord.Identity(
        plan.settings().log().newId(),
        session.scenario(),
        name,
        (int) session.userId(),
        phase(session),
        template.kind(),
        plan.stream(),
        intendedAt,
        conversation == null ? 0 : conversation.turn(),
        conversation == null
            ? attribute(session, SessionKeys.CACHE_SESSION, String.class)
            : conversation.id(),
        tags);
  }

  static Phase phase(Session session) {
    return Phase.WARMUP.id().equals(attribute(session, SessionKeys.PHASE, String.class))
        ? Phase.WARMUP
        : Phase.MEASURE;
  }

  static <T> @Nullable T attribute(Session session, String key, Class<T> type) {
    Option<Object> value = session.attributes().get(key);
    return value.isDefined() ? type.cast(value.get()) : null;
  }
}
