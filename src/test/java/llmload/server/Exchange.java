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

  private final Channel channel;
  private final HttpVersion version;
  private final boolean keepAlive;
  private final @Nullable String requestId;
  private final long arrivedNanos = System.nanoTime();
  private final Runnable whenDone;
  private final Object lock = new Object();
  private @Nullable Runnable onCancel;
  private volatile boolean cancelled;

  /**
   * @param keepAlive whether the connection stays open afterwards; HTTP/1.1 only
   * @param requestId the client's own name for the request; {@code null} if it gave none
   * @param whenDone runs on the event loop once the response is written and the connection stays
   */
  Exchange(
      Channel channel,
      HttpVersion version,
      boolean keepAlive,
      @Nullable String requestId,
      Runnable whenDone) {
    this.channel = channel;
    this.version = version;
    this.keepAlive = keepAlive;
    this.requestId = requestId;
    this.whenDone = whenDone;
  }

  /** The client's own name for the request, from {@code X-Request-Id}. */
  @Nullable String requestId() {
    return requestId;
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
    respond(status, body, JSON, null);
  }

  /** A whole body of another kind, with status 200. */
  void body(byte[] body, String contentType) {
    respond(200, body, contentType, null);
  }

  /** A whole JSON object. */
  void json(int status, ObjectNode body) {
    json(status, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** An error body. */
  void error(ApiException error) {
    respond(error.status(), errorBody(error), JSON, null);
  }

  /** The error body for a path that is only for the method {@code allowed}. */
  void wrongMethod(String found, String allowed) {
    respond(405, errorBody(ApiException.wrongMethod(found, allowed)), JSON, allowed);
  }

  /** {@code {"error":{"message","type","param","code"}}}. */
  static byte[] errorBody(ApiException error) {
    ObjectNode body = MAPPER.createObjectNode();
    body.putObject("error")
        .put("message", error.text())
        .put("type", error.type())
        .put("param", error.param())
        .put("code", error.code());
    return body.toString().getBytes(StandardCharsets.UTF_8);
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

  private void respond(int status, byte[] body, String contentType, @Nullable String allowed) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (status == 429) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    if (allowed != null) {
      response.headers().set(HttpHeaderNames.ALLOW, allowed);
    }
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
