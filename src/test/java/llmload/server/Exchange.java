package llmload.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a connection.
 *
 * <p>Methods may be called from any thread, by one thread at a time; the channel hands what they
 * write to its event loop in that order.
 */
final class Exchange {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String JSON = "application/json; charset=utf-8";

  /**
   * What a request's head says beside method and path.
   *
   * @param requestId the client's own name for the request, from {@code X-Request-Id}
   * @param apiKey the key it carries in {@code X-API-Key}, in the query or in a cookie
   * @param sessionId the session, from {@code X-Session-ID}
   * @param query what follows the path's question mark; empty if nothing does
   */
  record Head(
      @Nullable String requestId,
      @Nullable String apiKey,
      @Nullable String sessionId,
      String query) {
    /** A head that says nothing more. */
    static final Head EMPTY = new Head(null, null, null, "");
  }

  private final Channel channel;
  private final HttpVersion version;
  private final boolean keepAlive;
  private final Head head;
  private final long arrivedNanos = System.nanoTime();
  private final Runnable whenDone;
  private final Object lock = new Object();
  private @Nullable Runnable onCancel;
  private volatile boolean cancelled;
  private volatile UnaryOperator<Answer> translation = UnaryOperator.identity();

  /**
   * A whole response.
   *
   * @param body its body; not copied
   * @param headers headers beside type and length
   */
  @SuppressWarnings("ArrayRecordComponent") // written once, to the socket
  record Answer(int status, byte[] body, String contentType, Map<String, String> headers) {}

  /**
   * @param keepAlive whether the connection stays open afterwards; HTTP/1.1 only
   * @param head what else the request's head says
   * @param whenDone runs on the event loop once the response is written and the connection stays
   */
  Exchange(Channel channel, HttpVersion version, boolean keepAlive, Head head, Runnable whenDone) {
    this.channel = channel;
    this.version = version;
    this.keepAlive = keepAlive;
    this.head = head;
    this.whenDone = whenDone;
  }

  /** The client's own name for the request, from {@code X-Request-Id}. */
  @Nullable String requestId() {
    return head.requestId();
  }

  /** What the request's head says beside method and path. */
  Head head() {
    return head;
  }

  /** The key that the request carries. */
  @Nullable String apiKey() {
    return head.apiKey();
  }

  /** Sets what makes of a whole response one in another API's form. */
  void translate(UnaryOperator<Answer> value) {
    translation = value;
  }

  /** When the request was read, on the machine's monotonic clock. */
  long arrivedNanos() {
    return arrivedNanos;
  }

  /** Whether the client has gone. */
  boolean cancelled() {
    return cancelled;
  }

  /** Tells that the client has gone. */
  void cancel() {
    Runnable action;
    synchronized (lock) {
      cancelled = true;
      action = onCancel;
    }
    if (action != null) {
      action.run();
    }
  }

  /** Sets what is to be done when the client goes; done at once if it has gone. */
  void onCancel(Runnable action) {
    boolean late;
    synchronized (lock) {
      onCancel = action;
      late = cancelled;
    }
    if (late) {
      action.run();
    }
  }

  /** A whole JSON body. */
  void json(int status, byte[] body) {
    respond(new Answer(status, body, JSON, Map.of()));
  }

  /** No body, with status 204. */
  void empty() {
    respond(new Answer(HttpResponseStatus.NO_CONTENT.code(), new byte[0], JSON, Map.of()));
  }

  /** A whole body of another kind, with status 200. */
  void body(byte[] body, String contentType) {
    respond(new Answer(200, body, contentType, Map.of()));
  }

  /** A whole JSON object. */
  void json(int status, ObjectNode body) {
    json(status, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** An error body. */
  void error(ApiException error) {
    Map<String, String> headers = error.status() == 429 ? Map.of("Retry-After", "1") : Map.of();
    respond(new Answer(error.status(), errorBody(error), JSON, headers));
  }

  /** The error body for a path that is only for the method {@code allowed}. */
  void wrongMethod(String found, String allowed) {
    ApiException error = ApiException.wrongMethod(found, allowed);
    respond(new Answer(405, errorBody(error), JSON, Map.of("Allow", allowed)));
  }

  /** {@code {"error":{"message","type","param","code"}}}. */
  static byte[] errorBody(ApiException error) {
    return errorObject(error).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The same as an object. */
  static ObjectNode errorObject(ApiException error) {
    ObjectNode body = MAPPER.createObjectNode();
    body.putObject("error")
        .put("message", error.text())
        .put("type", error.type())
        .put("param", error.param())
        .put("code", error.code());
    return body;
  }

  /** The head of an event stream. */
  void startStream() {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    if (version.equals(HttpVersion.HTTP_1_1)) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    setConnection(head);
    forget(channel.write(head));
  }

  /** One event, in a write of its own. */
  void event(byte[] event) {
    forget(channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event))));
  }

  /** The end of an event stream. */
  void endStream() {
    finish(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void respond(Answer own) {
    Answer answer = translation.apply(own);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    setConnection(response);
    finish(channel.writeAndFlush(response));
  }

  private void setConnection(HttpResponse head) {
    if (!keepAlive) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void finish(ChannelFuture written) {
    if (keepAlive) {
      written.addListener(ignored -> whenDone.run());
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** A write that fails closes the connection, which is what cancels the exchange. */
  private static void forget(ChannelFuture written) {
    written.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }
}
