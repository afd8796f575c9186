package llmload.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** The accepting side for HTTP/2 over TLS: Netty frames the streams, a thread each plays them. */
final class Http2Listener implements AutoCloseable {
  private final Ledger ledger;
  private final long maxStreamCount;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("scripted-h2", true), NioIoHandler.newFactory());
  private final Set<Thread> players = ConcurrentHashMap.newKeySet();
  private final Channel server;

  private Http2Listener(Ledger ledger, long maxStreamCount)
      throws GeneralSecurityException, SSLException, InterruptedException {
    this.ledger = ledger;
    this.maxStreamCount = maxStreamCount;
    SslContext tls = tls();
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connect(channel, tls);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
  }

  static Http2Listener open(Ledger ledger, long maxStreamCount) {
    try {
      return new Http2Listener(ledger, maxStreamCount);
    } catch (GeneralSecurityException | SSLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    players.forEach(Thread::interrupt);
  }

  private static SslContext tls() throws GeneralSecurityException, SSLException {
    return SslContextBuilder.forServer(LoopbackCertificate.shared().keyManagers())
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                "h2"))
        .build();
  }

  private void connect(Channel channel, SslContext tls) {
    int number = ledger.connections.getAndIncrement();
    channel
        .pipeline()
        .addLast(
            tls.newHandler(channel.alloc()),
            Http2FrameCodecBuilder.forServer()
                .initialSettings(
                    Http2Settings.defaultSettings().maxConcurrentStreams(maxStreamCount))
                .build(),
            new Http2MultiplexHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(new RequestReader(number));
                  }
                }));
  }

  /** Collects one request, then hands its stream to a thread of its own. */
  private final class RequestReader extends ChannelInboundHandlerAdapter {
    private final int connection;
    private final StringBuilder head = new StringBuilder();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String method = "";
    private String path = "";

    RequestReader(int connection) {
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean last = false;
      if (message instanceof Http2HeadersFrame frame) {
        readHead(frame.headers());
        last = frame.isEndStream();
      } else if (message instanceof Http2DataFrame frame) {
        byte[] bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        body.writeBytes(bytes);
        last = frame.isEndStream();
      }
      ReferenceCountUtil.release(message);
      if (last) {
        play(context.channel());
      }
    }

    private void readHead(Http2Headers headers) {
      headers.forEach(
          h -> head.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n"));
      method = String.valueOf(headers.method());
      path = String.valueOf(headers.path());
    }

    private void play(Channel stream) {
      ReceivedRequest request =
          ledger.received(
              connection,
              method,
              path,
              head.toString().strip(),
              body.toString(StandardCharsets.UTF_8));
      Thread player =
          new Thread(
              () -> {
                try {
                  ledger.play(request, new Http2Exchange(ledger, stream));
                } catch (InterruptedException e) {
                  // The server is closed; so is the stream.
                } finally {
                  players.remove(Thread.currentThread());
                }
              },
              "scripted-h2-stream-" + request.index());
      player.setDaemon(true);
      players.add(player);
      player.start();
    }
  }
}
