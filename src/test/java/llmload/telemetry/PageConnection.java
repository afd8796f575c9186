package llmload.telemetry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is read on the thread that asks, so that a page costs no change of threads.
 *
 * <p>The socket is the JDK's, in blocking mode with a timeout for each read, and closes at once
 * when its thread is interrupted; HTTP and TLS are Netty's codecs without an event loop. One thread
 * at a time.
 */
final class PageConnection implements AutoCloseable {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int LEAST_READ_BYTES = 8 << 10;
  private static final int HEAD_BYTES = 64 << 10;

  /** When an answer must be whole. */
  record Deadline(long untilNanos) {
    private static final int NANOS_PER_MILLI = 1_000_000;

    /** What is left, 1 ms at least. */
    int leftMillis() throws SocketTimeoutException {
      long left = untilNanos - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      return (int) Math.min(Integer.MAX_VALUE, 1 + left / NANOS_PER_MILLI);
    }
  }

  private final Origin origin;
  private final SocketChannel channel;
  private final Socket socket;
  private final InputStream in;
  private final EmbeddedChannel codec;
  private final Faults faults = new Faults();
  private byte[] segment = new byte[SEGMENT_BYTES];
  private boolean answered;

  /** Keeps the first fault of the codecs, which would log those that follow from it. */
  private static final class Faults extends ChannelInboundHandlerAdapter {
    private @Nullable Throwable first;

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      first = first == null ? cause : first;
    }
  }

  private PageConnection(Origin origin, SocketChannel channel, @Nullable SSLContext tls)
      throws IOException {
    this.origin = origin;
    this.channel = channel;
    this.socket = channel.socket();
    this.in = socket.getInputStream();
    this.codec = new EmbeddedChannel();
    if (tls != null) {
      codec.pipeline().addLast(secure(origin, tls));
    }
    codec.pipeline().addLast(http(), faults);
  }

  private static HttpClientCodec http() {
    return new HttpClientCodec(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HEAD_BYTES)
            .setMaxHeaderSize(HEAD_BYTES)
            .setMaxChunkSize(SEGMENT_BYTES),
        false,
        false);
  }

  /** Loads what the first answer needs: on a busy machine that takes longer than a deadline. */
  static void prepare() {
    EmbeddedChannel codec = new EmbeddedChannel(http());
    byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    boolean unused = codec.writeInbound(Unpooled.wrappedBuffer(answer));
    unused = codec.finishAndReleaseAll();
  }

  private static SslHandler secure(Origin origin, SSLContext tls) {
    SSLEngine engine = tls.createSSLEngine(origin.host(), origin.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    // The deadline of the answer covers it, and no event loop would keep its own.
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /**
   * A connection to the first address of {@code origin} that takes one.
   *
   * @param tls used where the origin is a secure one
   */
  static PageConnection open(Origin origin, SSLContext tls, Deadline deadline) throws IOException {
    IOException fault = null;
    for (InetAddress address : InetAddress.getAllByName(origin.host())) {
      SocketChannel channel = SocketChannel.open();
      try {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel
            .socket()
            .connect(new InetSocketAddress(address, origin.port()), deadline.leftMillis());
        return new PageConnection(origin, channel, origin.secure() ? tls : null);
      } catch (IOException e) {
        channel.close();
        if (fault != null) {
          e.addSuppressed(fault);
        }
        fault = e;
      }
    }
    throw fault == null ? new IOException("no address of " + origin.host()) : fault;
  }

  /** Where it leads to. */
  Origin origin() {
    return origin;
  }

  /** Whether anything came back for what was asked last. */
  boolean hasAnswered() {
    return answered;
  }

  /**
   * Asks for {@code url} and reads the answer.
   *
   * @param answer takes it
   * @return whether the connection may be used again
   * @throws SocketTimeoutException if the answer is not whole in time
   * @throws IOException if the connection ends or fails before the answer is whole
   */
  boolean ask(URI url, Map<String, String> headers, Answer answer, Deadline deadline)
      throws IOException, SourceException {
    answered = false;
    exchange(() -> codec.writeOutbound(request(url, headers)));
    int at = 0;
    while (true) {
      if (segment.length - at < LEAST_READ_BYTES) {
        // What the codec has not decoded yet may lie in the old one.
        segment = new byte[SEGMENT_BYTES];
        at = 0;
      }
      socket.setSoTimeout(deadline.leftMillis());
      int start = at;
      int read = in.read(segment, start, segment.length - start);
      if (read < 0) {
        exchange(codec::finish);
      } else {
        answered = true;
        at += read;
        exchange(() -> codec.writeInbound(Unpooled.wrappedBuffer(segment, start, read)));
      }
      Object part;
      while ((part = codec.readInbound()) != null) {
        if (read < 0 && isBroken(part)) {
          // The end of the connection within a line, not another protocol.
          boolean unused = ReferenceCountUtil.release(part);
          break;
        }
        if (answer.take(part)) {
          return read >= 0 && answer.isKeptAlive() && codec.inboundMessages().isEmpty();
        }
      }
      if (read < 0) {
        throw new EOFException("the connection ended before the answer did");
      }
    }
  }

  private static boolean isBroken(Object part) {
    return part instanceof HttpObject decoded && decoded.decoderResult().isFailure();
  }

  private FullHttpRequest request(URI url, Map<String, String> headers) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.GET,
            url.getRawQuery() == null ? path : path + "?" + url.getRawQuery(),
            Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set(HttpHeaderNames.HOST, origin.authority())
        .set(HttpHeaderNames.USER_AGENT, "llmload")
        .set(HttpHeaderNames.ACCEPT, "text/plain;version=0.0.4, */*;q=0.1");
    headers.forEach((name, value) -> request.headers().set(name, value));
    return request;
  }

  private interface Step {
    boolean run() throws Exception;
  }

  /** Runs one step of the codec and sends what it has to say. */
  private void exchange(Step step) throws IOException {
    Throwable fault = null;
    try {
      boolean unused = step.run();
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      fault = e;
    }
    fault = faults.first == null ? fault : faults.first;
    if (fault != null) {
      Throwable cause = fault.getCause() == null ? fault : fault.getCause();
      throw cause instanceof IOException io ? io : new IOException(cause);
    }
    ByteBuf out;
    while ((out = codec.readOutbound()) != null) {
      try {
        while (out.isReadable()) {
          out.skipBytes(channel.write(out.nioBuffer()));
        }
      } finally {
        out.release();
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is awaited of it any more.
      return;
    } finally {
      release();
    }
  }

  private void release() {
    try {
      boolean unused = codec.finishAndReleaseAll();
    } catch (Exception e) {
      // A session of TLS that ends early complains of it; the buffers are given back all the same.
      boolean unused = codec.releaseInbound();
      unused = codec.releaseOutbound();
    }
  }
}
