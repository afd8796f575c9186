package llmload.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that streams tokens at next to no cost of its own: one event loop, bytes made
 * beforehand.
 *
 * <p>The first part of the path says how: {@code /burst/…} back to back in large writes; {@code
 * /paced-R/…} one packet a token, {@code R} tokens a second in each stream; {@code /stamped-R/…}
 * likewise, and each text is the server's {@code System.nanoTime()} right before the write, a clock
 * that all processes of a Linux machine share. {@code max_tokens} in the body or {@code tokens} in
 * the query says how many.
 *
 * <p>It prints its port, and ends when its standard input does.
 */
final class TokenSourceServer {
  private static final Pattern TOKENS =
      Pattern.compile("[?&]tokens=(\\d+)|\"max_(?:completion_)?tokens\":\\s*(\\d+)");
  private static final Pattern MODE = Pattern.compile("^/(burst|paced|stamped)(?:-([\\d.]+))?/.*");
  private static final int MAX_REQUEST_BYTES = 1 << 20;
  private static final int DEFAULT_TOKENS = 500;

  private final SourceFrames frames = new SourceFrames();
  private final Random random = new Random(1);

  private TokenSourceServer() {}

  /** Serves on a free loopback port until standard input ends. */
  public static void main(String[] args) throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    TokenSourceServer server = new TokenSourceServer();
    Channel channel =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(server.connections())
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    System.out.println(((InetSocketAddress) channel.localAddress()).getPort());
    while (System.in.read() >= 0) {
      // Only its end counts.
    }
    System.exit(0);
  }

  private ChannelInitializer<Channel> connections() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                new HttpRequestDecoder(),
                new HttpObjectAggregator(MAX_REQUEST_BYTES),
                new Requests());
      }
    };
  }

  private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      String uri = request.uri();
      Matcher mode = MODE.matcher(uri);
      if (uri.endsWith("/models") || !mode.matches()) {
        flush(ctx, frames.models());
        return;
      }
      Matcher tokens = TOKENS.matcher(uri + request.content().toString(US_ASCII));
      int count = tokens.find() ? count(tokens) : DEFAULT_TOKENS;
      if (mode.group(1).equals("burst")) {
        burst(ctx, count);
      } else {
        double perSecond = Double.parseDouble(mode.group(2));
        new PacedStream(ctx, count, perSecond, mode.group(1).equals("stamped")).begin();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var unused = ctx.close();
    }
  }

  private static int count(Matcher tokens) {
    return Integer.parseInt(tokens.group(1) == null ? tokens.group(2) : tokens.group(1));
  }

  private void burst(ChannelHandlerContext ctx, int count) {
    write(ctx, frames.head());
    int left = count;
    for (; left >= SourceFrames.BLOCK_TOKENS; left -= SourceFrames.BLOCK_TOKENS) {
      write(ctx, frames.block());
    }
    write(ctx, frames.tokens(left));
    flush(ctx, frames.end(count));
  }

  private static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
    var unused = ctx.write(bytes, ctx.voidPromise());
  }

  private static void flush(ChannelHandlerContext ctx, ByteBuf bytes) {
    var unused = ctx.writeAndFlush(bytes, ctx.voidPromise());
  }

  /** One answer at a steady pace; a token that is late does not delay the next. */
  private final class PacedStream implements Runnable {
    private final ChannelHandlerContext ctx;
    private final int count;
    private final double gapNanos;
    private final boolean stamped;
    private final byte[] frame;
    private final int textAt;
    private long startNanos;
    private int sent;

    PacedStream(ChannelHandlerContext ctx, int count, double perSecond, boolean stamped) {
      this.ctx = ctx;
      this.count = count;
      this.gapNanos = 1e9 / perSecond;
      this.stamped = stamped;
      String text = SourceFrames.frame(" ".repeat(1 + StampText.DIGITS));
      this.frame = text.getBytes(US_ASCII);
      this.textAt = text.indexOf("\"content\":\"") + "\"content\":\"".length();
    }

    /** Streams start at any moment of their pace, so that tokens of many never come in step. */
    void begin() {
      flush(ctx, frames.head());
      startNanos = System.nanoTime() + (long) (random.nextDouble() * gapNanos);
      schedule();
    }

    private void schedule() {
      long due = startNanos + (long) (sent * gapNanos);
      var unused =
          ctx.executor().schedule(this, Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
      if (!ctx.channel().isActive()) {
        return;
      }
      if (sent == count) {
        flush(ctx, frames.end(count));
        return;
      }
      flush(ctx, stamped ? stampedToken() : frames.token(sent));
      sent++;
      schedule();
    }

    private ByteBuf stampedToken() {
      ByteBuf bytes = ctx.alloc().directBuffer(frame.length);
      StampText.write(System.nanoTime(), frame, textAt + 1);
      return bytes.writeBytes(frame);
    }
  }
}
