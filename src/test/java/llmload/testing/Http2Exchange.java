package llmload.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One HTTP/2 stream. */
final class Http2Exchange implements Exchange {
  /** Headers that describe an HTTP/1.1 connection; HTTP/2 forbids them (RFC 9113, 8.2.2). */
  private static final Set<String> CONNECTION_HEADERS =
      Set.of("connection", "transfer-encoding", "keep-alive");

  private final Ledger ledger;
  private final Channel stream;
  private boolean over;

  Http2Exchange(Ledger ledger, Channel stream) {
    this.ledger = ledger;
    this.stream = stream;
  }

  @Override
  public void head(int status, List<String> headers) throws IOException {
    send(new DefaultHttp2HeadersFrame(lines(status, headers)));
  }

  @Override
  public void answer(int status, List<String> headers, byte[] body) throws IOException {
    head(status, headers);
    send(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
    over = true;
  }

  @Override
  public void chunk(byte[] bytes) throws IOException {
    send(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(bytes)));
  }

  @Override
  public void endBody() throws IOException {
    send(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
    over = true;
  }

  @Override
  public void raw(byte[] bytes) {
    throw new UnsupportedOperationException("raw: Expecting HTTP/1.1. Found: HTTP/2.");
  }

  @Override
  public void closeFin() {
    over = true;
    // Netty's own close would say GOAWAY first and wait for the streams; that is a step of its own.
    Channel connection = stream.parent();
    connection.eventLoop().execute(() -> connection.unsafe().closeForcibly());
  }

  @Override
  public void reset() throws IOException {
    over = true;
    send(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }

  @Override
  public void goAway() throws IOException {
    finish(stream.parent().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR)));
  }

  @Override
  public void pause(Duration duration) throws InterruptedException {
    if (ledger.closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("server closed");
    }
  }

  @Override
  public void hang(Duration atMost) throws IOException, InterruptedException {
    if (stream.closeFuture().await(atMost.toMillis())) {
      throw new EOFException("the client left");
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }

  private static Http2Headers lines(int status, List<String> headers) {
    Http2Headers all = new DefaultHttp2Headers().status(Integer.toString(status));
    for (String line : headers) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!CONNECTION_HEADERS.contains(name)) {
        all.add(name, line.substring(colon + 1).trim());
      }
    }
    return all;
  }

  private void send(Object frame) throws IOException {
    finish(stream.writeAndFlush(frame));
  }

  private static void finish(ChannelFuture future) throws IOException {
    future.awaitUninterruptibly();
    if (!future.isSuccess()) {
      throw new IOException("the client left", future.cause());
    }
  }
}
