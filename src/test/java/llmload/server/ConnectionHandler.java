package llmload.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection: answers its requests one after the other, in their order.
 *
 * <p>Reading goes on during an answer, because only a read tells that the client has gone.
 */
final class ConnectionHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final int MAX_PIPELINED_COUNT = 16;

  private final RequestHandler routes;
  private final Deque<FullHttpRequest> pipelined = new ArrayDeque<>();
  private @Nullable Exchange current;

  ConnectionHandler(RequestHandler routes) {
    this.routes = routes;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (current == null) {
      answer(ctx, request);
    } else if (pipelined.size() < MAX_PIPELINED_COUNT) {
      pipelined.add(request.retain());
    } else {
      ctx.close().addListener(closed -> {});
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    Exchange exchange = current;
    if (exchange != null) {
      exchange.cancel();
    }
    pipelined.forEach(FullHttpRequest::release);
    pipelined.clear();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset connection is a client that has gone; there is nobody to tell.
    ctx.close().addListener(closed -> {});
  }

  private void answer(ChannelHandlerContext ctx, FullHttpRequest request) {
    boolean sound = request.decoderResult().isSuccess();
    HttpVersion version = request.protocolVersion();
    boolean keepAlive =
        sound && version.equals(HttpVersion.HTTP_1_1) && HttpUtil.isKeepAlive(request);
    Exchange exchange =
        new Exchange(
            ctx.channel(),
            version,
            keepAlive,
            new Exchange.Head(
                request.headers().get("X-Request-Id"),
                apiKey(request),
                request.headers().get("X-Session-ID"),
                query(request.uri())),
            () -> next(ctx));
    current = exchange;
    if (sound) {
      byte[] body = ByteBufUtil.getBytes(request.content());
      routes.handle(request.method().name(), path(request.uri()), body, exchange);
    } else {
      exchange.error(
          ApiException.invalid("request", "HTTP/1.1", String.valueOf(request.decoderResult())));
    }
  }

  private void next(ChannelHandlerContext ctx) {
    current = null;
    FullHttpRequest request = pipelined.poll();
    if (request != null) {
      try {
        answer(ctx, request);
      } finally {
        request.release();
      }
    }
  }

  private static String query(String uri) {
    int mark = uri.indexOf('?');
    return mark < 0 ? "" : uri.substring(mark + 1);
  }

  /** As llm-server takes it: from its header, the query or a cookie, in this order. */
  private static @Nullable String apiKey(FullHttpRequest request) {
    String header = request.headers().get("X-API-Key");
    if (header != null) {
      return header;
    }
    List<String> asked = new QueryStringDecoder(request.uri()).parameters().get("api_key");
    if (asked != null) {
      return asked.get(0);
    }
    String cookies = request.headers().get(HttpHeaderNames.COOKIE, "");
    return ServerCookieDecoder.STRICT.decode(cookies).stream()
        .filter(cookie -> cookie.name().equals("api_key"))
        .map(Cookie::value)
        .findFirst()
        .orElse(null);
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
