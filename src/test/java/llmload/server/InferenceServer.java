package llmload.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import llmload.server.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible inference server over one engine.
 *
 * <p>Serves {@code GET /health}, {@code GET /v1/models}, {@code POST /v1/chat/completions}, {@code
 * POST /v1/completions}, {@code POST /tokenize} and {@code GET /metrics} over HTTP/1.1, and where
 * it has vector indexes those of {@link SearchRoutes}. Runs on two daemon threads, an event loop
 * and the intake, beside the engine's own and those of the search.
 */
public final class InferenceServer implements AutoCloseable {
  private static final long GRACE_MILLIS = 2_000;

  private final EventLoopGroup eventLoop;
  private final ExecutorService intake;
  private final Admission admission;
  private final @Nullable TruthLog truth;
  private final ChannelGroup connections;
  private final Channel listening;
  private boolean closed;

  private InferenceServer(
      EventLoopGroup eventLoop,
      ExecutorService intake,
      Admission admission,
      @Nullable TruthLog truth,
      ChannelGroup connections,
      Channel listening) {
    this.eventLoop = eventLoop;
    this.intake = intake;
    this.admission = admission;
    this.truth = truth;
    this.connections = connections;
    this.listening = listening;
  }

  /**
   * The event loop of a server, and of an engine that shares it: one thread, with the system's own
   * timer where the native transport is there.
   */
  public static EventLoopGroup eventLoop() {
    return new MultiThreadIoEventLoopGroup(
        1,
        new DefaultThreadFactory("llmload-server", true),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Listens, and serves until closed; the engine stays the caller's to close, after the server.
   *
   * @throws UncheckedIOException if the address cannot be listened on; the message says which
   */
  public static InferenceServer start(ServerSettings settings, Engine engine) {
    return start(settings, engine, eventLoop(), null);
  }

  /**
   * As {@link #start(ServerSettings, Engine)}, on an event loop that the engine shares and that
   * ends with the server.
   *
   * @param truthFolder where to keep what was sent and when; {@code null} for nowhere
   */
  public static InferenceServer start(
      ServerSettings settings,
      Engine engine,
      EventLoopGroup eventLoop,
      @Nullable Path truthFolder) {
    return start(settings, engine, eventLoop, truthFolder, null);
  }

  /**
   * The same with vector search.
   *
   * @param search the routes of the vector indexes, which stay the caller's to close, after the
   *     server; {@code null} for none
   */
  static InferenceServer start(
      ServerSettings settings,
      Engine engine,
      EventLoopGroup eventLoop,
      @Nullable Path truthFolder,
      @Nullable SearchRoutes search) {
    TruthLog truth = truthFolder == null ? null : TruthLog.open(truthFolder);
    ExecutorService intake =
        Executors.newSingleThreadExecutor(new DefaultThreadFactory("llmload-intake", true));
    Admission admission = new Admission(settings.slotCount(), settings.queueLimitCount());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    Routes routes = new Routes(settings, engine, admission, intake, Clock.systemUTC(), truth);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(eventLoop)
            .channel(socketType(eventLoop))
            .option(ChannelOption.SO_BACKLOG, 4_096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                initializer(settings, search == null ? routes : search.before(routes), connections))
            .bind(settings.host(), settings.port())
            .awaitUninterruptibly();
    InferenceServer server =
        new InferenceServer(eventLoop, intake, admission, truth, connections, bound.channel());
    if (!bound.isSuccess()) {
      server.close();
      String problem =
          "port: Expecting a free port on %s. Found: %d, %s."
              .formatted(settings.host(), settings.port(), bound.cause().getMessage());
      throw new UncheckedIOException(problem, new IOException(bound.cause()));
    }
    return server;
  }

  /** The port listened on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** The address for clients on this machine, without a slash at its end. */
  public String baseUrl() {
    InetSocketAddress address = (InetSocketAddress) listening.localAddress();
    String host = address.getAddress().getHostAddress();
    if (address.getAddress().isAnyLocalAddress()) {
      host = "127.0.0.1";
    } else if (address.getAddress() instanceof Inet6Address) {
      host = "[" + host + "]";
    }
    return "http://" + host + ":" + address.getPort();
  }

  /** Blocks until the server is closed. */
  public void awaitClosed() throws InterruptedException {
    listening.closeFuture().await();
  }

  /**
   * Takes no more requests, gives those in flight two seconds, cuts what is left, and frees every
   * thread.
   *
   * <p>Any thread may call it, any number of times; each call returns once all of that is done. One
   * thread does it: a connection that closes after another thread has ended the event loop tells
   * nobody, so that whoever waits for it waits for ever.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    listening.close().awaitUninterruptibly();
    intake.shutdown();
    admission.drain(GRACE_MILLIS);
    connections.close().awaitUninterruptibly();
    admission.drain(GRACE_MILLIS);
    eventLoop.shutdownGracefully(0, GRACE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    if (truth != null) {
      truth.close();
    }
  }

  private static Class<? extends ServerChannel> socketType(EventLoopGroup eventLoop) {
    boolean epoll =
        eventLoop instanceof IoEventLoopGroup group && group.isIoType(EpollIoHandler.class);
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  private static ChannelInitializer<SocketChannel> initializer(
      ServerSettings settings, RequestHandler routes, ChannelGroup connections) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        connections.add(channel);
        channel
            .pipeline()
            .addLast(new HttpServerCodec())
            .addLast(new BodyAggregator(settings.maxBodyBytes()))
            .addLast(new ConnectionHandler(routes));
      }
    };
  }
}
