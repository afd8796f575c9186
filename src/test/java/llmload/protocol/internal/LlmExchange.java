package llmload.protocol.internal;

import static io.gatling.http.client.impl.DefaultHttpClient.HTTP_CLIENT_CODEC;

import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import io.gatling.http.client.HttpListener;
import io.gatling.http.client.Request;
import io.gatling.http.request.HttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.protocol.FailureTexts;
import llmload.protocol.InFlight;
import llmload.protocol.Refusals;
import llmload.protocol.ReplyView;
import llmload.protocol.RequestLog;
import llmload.protocol.RequestTemplate;
import llmload.protocol.exchange.Deadlines;
import llmload.protocol.exchange.ErrorBodyBuffer;
import llmload.protocol.exchange.ExchangeRecord;
import llmload.protocol.exchange.Failure;
import llmload.wire.End;
import llmload.wire.Reply;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.List;

/**
 * One request and its answer: takes the stamps, keeps the four timeouts, and writes the record.
 *
 * <p>All methods but those of {@link InFlight} run on the session's event loop. It ends exactly
 * once, in {@link #finish}; whatever the engine reports afterwards is left unheard.
 */
final class LlmExchange implements HttpListener, RawTap.Sink, InFlight {
  /** How long the body may go on after its end mark before the connection is given up. */
  private static final long GRACE_MILLIS = 100;

  private final LlmAction.Plan plan;
  private final Session session;
  private final HttpRequest request;
  private final Action next;
  private final EventLoop loop;
  private final RequestLog log;
  private final ReplyReader reader;
  private final ExchangeRecord record;
  private final Deadlines deadlines;
  private final ErrorBodyBuffer errorBody = new ErrorBodyBuffer();

  private long startMillis;
  private @Nullable Channel channel;
  private @Nullable RawTap tap;
  private boolean http2;
  private int writes;
  private boolean reading;
  private boolean done;
  private boolean sawToken;
  private @Nullable ScheduledFuture<?> timer;
  private long timerDueAt;
  private @Nullable ScheduledFuture<?> grace;

  LlmExchange(
      LlmAction.Plan plan, Session session, HttpRequest request, long intendedAt, Action next) {
    this.plan = plan;
    this.session = session;
    this.request = request;
    this.next = next;
    this.loop = session.eventLoop();
    this.log = plan.settings().log();
    boolean keepText = plan.template().needsText() || plan.settings().tokenCounter() != null;
    this.reader =
        plan.settings()
            .dialect()
            .reader(
                plan.template().kind(),
                new ReplyOptions(
                    plan.stream(),
                    keepText,
                    ReplyOptions.DEFAULT_MAX_EVENT_BYTES,
                    plan.settings().tokenCounter()));
    this.record =
        new ExchangeRecord(LlmAction.identity(plan, session, request.requestName(), intendedAt));
    this.deadlines = new Deadlines(plan.settings().timeouts(), plan.stream());
  }

  Session session() {
    return session;
  }

  HttpRequest request() {
    return request;
  }

  /** Stamps the sending and enters the log; {@code false} if the run has ended. */
  boolean begin() {
    startMillis = plan.core().clock().nowMillis();
    record.sent(System.nanoTime());
    if (!log.enter(this, record.phase())) {
      return false;
    }
    log.eventLoopLag().watch(loop);
    armTimer(record.sentAtNanos());
    return true;
  }

  // ---- the engine's callbacks

  /**
   * Called before the request's bytes are written, and again when the engine would send them a
   * second time because a pooled connection died. A POST that may have reached the server is never
   * repeated, and one that was given up before its connection came is never sent: throwing here,
   * before the write, ends it.
   */
  @Override
  public void onFinalClientRequest(Request ignored) {
    if (done) {
      throw new IllegalStateException("Given up before its connection came");
    }
    if (writes++ > 0) {
      throw new IllegalStateException(FailureTexts.CLOSED_BEFORE_ANSWER);
    }
  }

  @Override
  public void onProtocolAwareness(boolean isHttp2) {
    http2 = isHttp2;
  }

  @Override
  public void onWrite(Channel written) {
    record.connected(System.nanoTime(), http2 ? "2" : "1.1");
    channel = written;
    hurryTimer();
    if (!http2 && written.pipeline().get(HTTP_CLIENT_CODEC) != null) {
      tap = tapOf(written.pipeline());
      tap.arm(this, !request.clientRequest().getHeaders().contains(HttpHeaderNames.EXPECT));
    }
  }

  private static RawTap tapOf(ChannelPipeline pipeline) {
    if (pipeline.get(RawTap.NAME) instanceof RawTap present) {
      return present;
    }
    RawTap fresh = new RawTap();
    pipeline.channel().config().setRecvByteBufAllocator(RawTap.READS);
    pipeline.addBefore(HTTP_CLIENT_CODEC, RawTap.NAME, fresh);
    return fresh;
  }

  @Override
  public void onHttpResponse(HttpResponseStatus status, HttpHeaders headers) {
    if (done) {
      return;
    }
    // Behind a tap the head has the stamp of its socket read, like the body that may come with it.
    record.answered(
        tap == null ? System.nanoTime() : tap.readAtNanos(),
        status.code(),
        headers.get(HttpHeaderNames.RETRY_AFTER));
    if (status.code() / 100 != 2) {
      return;
    }
    String contentType = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (!reader.acceptsContentType(contentType)) {
      record.wrongContentType(contentType);
      return;
    }
    reading = true;
    if (tap != null
        && plan.stream()
        && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
        && headers.containsValue(HttpHeaderNames.TRANSFER_ENCODING, "chunked", true)) {
      tap.take();
    }
  }

  @Override
  public void onHttpResponseBodyChunk(ByteBuf chunk, boolean last) {
    if (done) {
      return;
    }
    long now = System.nanoTime();
    if (chunk.isReadable()) {
      byte[] bytes = new byte[chunk.readableBytes()];
      chunk.getBytes(chunk.readerIndex(), bytes);
      onBody(bytes, 0, bytes.length, now);
    }
    if (last && !done) {
      finish(now, null, null, End.CLEAN);
    }
  }

  @Override
  public void onBody(byte[] bytes, int from, int to, long atNanos) {
    if (done) {
      return;
    }
    if (!reading) {
      errorBody.append(bytes, from, to);
      record.receivedErrorBytes(to - from);
      return;
    }
    reader.feed(bytes, from, to, atNanos);
    if (!sawToken && reader.hasToken()) {
      sawToken = true;
      hurryTimer();
    }
    if (reader.isFailed()) {
      closeChannel();
      finish(atNanos, null, null, End.ABANDONED);
    } else if (grace == null && reader.isTerminated()) {
      grace = loop.schedule(this::endOfGrace, GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void onBrokenChunks(String what) {
    if (!done) {
      finish(System.nanoTime(), Outcome.PROTOCOL, FailureTexts.BAD_BYTES + ": " + what, End.CUT);
    }
  }

  @Override
  public void onThrowable(Throwable error) {
    if (done) {
      return;
    }
    long now = System.nanoTime();
    Failure failure = Failure.of(error, record.isConnected(), record.isAnswered(), writes > 1);
    closeChannel();
    finish(now, failure.outcome(), failure.message(), End.CUT);
  }

  // ---- timeouts

  /** One timer a request: it fires when the nearest deadline could have passed, and looks again. */
  private void armTimer(long now) {
    long due = deadlines.nextAt(record.sentAtNanos(), record.isConnected(), reader);
    timerDueAt = due;
    timer = loop.schedule(this::onTimer, Math.max(due - now, 0), TimeUnit.NANOSECONDS);
  }

  /** Another deadline is in force from here on, and it may come before the timer. */
  private void hurryTimer() {
    if (deadlines.nextAt(record.sentAtNanos(), record.isConnected(), reader) - timerDueAt < 0) {
      cancel(timer);
      armTimer(System.nanoTime());
    }
  }

  private void onTimer() {
    if (done || reader.isTerminated()) { // the end mark came: the grace ends it
      return;
    }
    long now = System.nanoTime();
    Deadlines.Missed missed =
        deadlines.missedAt(now, record.sentAtNanos(), record.isConnected(), reader);
    if (missed == null) {
      armTimer(now);
      return;
    }
    closeChannel();
    finish(now, missed.outcome(), missed.text(), End.ABANDONED);
  }

  private void endOfGrace() {
    if (!done) {
      closeChannel();
      finish(System.nanoTime(), null, null, End.ABANDONED);
    }
  }

  /** A shared HTTP/2 connection carries other streams: there the engine's timeout resets ours. */
  private void closeChannel() {
    if (tap != null) {
      tap.disarm();
    }
    boolean shared = plan.llm().http().httpProtocol().enginePart().shareConnections();
    if (channel != null && !(http2 && shared)) {
      var unused = channel.close();
    }
  }

  // ---- the end

  /**
   * Ends the exchange.
   *
   * @param outcome the class where it is known; {@code null} if the answer decides
   */
  private void finish(long endAt, @Nullable Outcome outcome, @Nullable String message, End end) {
    done = true;
    cancel(timer);
    cancel(grace);
    Reply reply = reader.reply(end);
    RequestRecord finished =
        record.finish(
            new ExchangeRecord.Ending(endAt, outcome, message, reading, reply, errorBody.message()),
            log.anchorNanos(),
            log::redact);
    ReplyView view = new ReplyView(finished, reply, new io.gatling.javaapi.core.Session(session));
    finished = ExchangeRecord.checked(view, plan.template().checks(), log::redact);
    if (!log.leave(this, finished)) {
      return;
    }
    // What the end of the run cut off is neither a success nor a failure of the server.
    if (finished.phase() == Phase.MEASURE && finished.outcome() != Outcome.INCOMPLETE) {
      report(finished);
    }
    goOn(finished, reply);
  }

  private static void cancel(@Nullable ScheduledFuture<?> future) {
    if (future != null) {
      future.cancel(false);
    }
  }

  /**
   * Two lines in Gatling's own statistics: the request, and for a stream its time to first token.
   */
  private void report(RequestRecord finished) {
    boolean ok = finished.outcome().isOk();
    Status status = ok ? OK$.MODULE$ : KO$.MODULE$;
    Option<String> code =
        finished.status() == null ? Option.empty() : Option.apply(finished.status().toString());
    Option<String> text = ok ? Option.empty() : Option.apply(ExchangeRecord.constantText(finished));
    List<String> groups = session.groups();
    Long firstToken = finished.stamps().firstTokenNanos();
    if (ok && firstToken != null) {
      logResponse(groups, finished.request() + " TTFT", firstToken, status, code, text);
    }
    logResponse(groups, finished.request(), finished.stamps().endNanos(), status, code, text);
  }

  private void logResponse(
      List<String> groups,
      String name,
      long nanos,
      Status status,
      Option<String> code,
      Option<String> text) {
    long endMillis = startMillis + Math.round(nanos / 1e6);
    plan.core()
        .statsEngine()
        .logResponse(session.scenario(), groups, name, startMillis, endMillis, status, code, text);
  }

  private void goOn(RequestRecord finished, Reply reply) {
    long endMillis = startMillis + Math.round(finished.stamps().endNanos() / 1e6);
    Session timed = session.logGroupRequestTimings(startMillis, endMillis);
    Session after =
        Refusals.after(new io.gatling.javaapi.core.Session(timed), finished.outcome()).asScala();
    if (!finished.outcome().isOk()) {
      next.$bang(after.markAsFailed());
      return;
    }
    RequestTemplate.Reaction reaction = plan.template().after();
    next.$bang(
        reaction == null
            ? after
            : reaction.apply(new io.gatling.javaapi.core.Session(after), reply.text()).asScala());
  }

  // ---- the end of the run

  @Override
  public void abandon() {
    loop.execute(
        () -> {
          if (!done) {
            closeChannel();
            finish(System.nanoTime(), Outcome.INCOMPLETE, FailureTexts.INCOMPLETE, End.ABANDONED);
          }
        });
  }

  @Override
  public RequestRecord incomplete(long nowNanos) {
    return record.incomplete(nowNanos, log.anchorNanos());
  }
}
