package llmload.protocol.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import llmload.model.RequestKind;
import llmload.wire.Dialects;
import llmload.wire.End;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;

/**
 * The processor time of one streamed token from the socket's buffer to the finished reply: the tap,
 * the chunked coding and the decoder, without the socket.
 *
 * <p>Best of many rounds on the thread's CPU clock, so that a busy machine counts for little.
 */
public final class TapBenchmark {
  private static final int TOKENS = 5_000;
  private static final int ROUNDS = 20;
  private static final int ANSWERS_PER_ROUND = 100;
  private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String EVENT =
      "data: {\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":"
          + "\"chat.completion.chunk\",\"created\":1795294894,\"model\":\"model-m\",\"choices\":"
          + "[{\"index\":0,\"delta\":{\"content\":\"TEXT\"},\"finish_reason\":null}]}\n\n";
  private static final String[] WORDS = {" the", " of", "ing", " server", ",", " token", "s", " a"};

  private TapBenchmark() {}

  /** Prints nanoseconds a token, for reads of several sizes. */
  public static void main(String[] args) {
    ByteBuf answer = answer();
    for (int readBytes : new int[] {65_536, 16_384, 1_400, 0}) {
      System.out.printf(
          Locale.ROOT,
          "reads of %6s bytes: %6.1f ns/token%n",
          readBytes == 0 ? "1 frame" : readBytes,
          bestNanos(answer, readBytes));
    }
  }

  private static ByteBuf answer() {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < TOKENS; i++) {
      text.append(chunk(EVENT.replace("TEXT", WORDS[i % WORDS.length])));
    }
    text.append(chunk("data: [DONE]\n\n")).append("0\r\n\r\n");
    return Unpooled.directBuffer(text.length()).writeBytes(text.toString().getBytes(US_ASCII));
  }

  private static String chunk(String event) {
    return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
  }

  private static double bestNanos(ByteBuf answer, int readBytes) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < ANSWERS_PER_ROUND; i++) {
        read(answer, readBytes);
      }
      long spent = threads.getCurrentThreadCpuTime() - before;
      best = Math.min(best, (double) spent / ANSWERS_PER_ROUND / TOKENS);
    }
    return best;
  }

  private static void read(ByteBuf answer, int readBytes) {
    Reading reading = new Reading();
    RawTap tap = new RawTap();
    EmbeddedChannel channel = new EmbeddedChannel(tap, reading);
    tap.arm(reading, true);
    reading.tap = tap;
    int frame = EVENT.length() + 4;
    int at = 0;
    int end = answer.readableBytes();
    while (at < end) {
      int n = Math.min(end - at, readBytes == 0 ? frame : readBytes);
      channel.pipeline().fireChannelRead(answer.retainedSlice(at, n));
      at += n;
    }
    if (reading.reader.reply(End.CLEAN).chunkTokens().length != TOKENS) {
      throw new IllegalStateException("tokens were lost");
    }
    var unused = channel.close();
  }

  /** In the place of the codec and of the exchange. */
  private static final class Reading extends ChannelInboundHandlerAdapter implements RawTap.Sink {
    private final ReplyReader reader =
        Dialects.of("openai-chat").reader(RequestKind.CHAT, ReplyOptions.streamed());
    private @org.jspecify.annotations.Nullable RawTap tap;

    Reading() {
      reader.acceptsContentType("text/event-stream");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ((ByteBuf) message).release();
      if (tap != null) {
        tap.take();
        tap = null;
      }
    }

    @Override
    public void onBody(byte[] bytes, int from, int to, long atNanos) {
      reader.feed(bytes, from, to, atNanos);
    }

    @Override
    public void onBrokenChunks(String what) {
      throw new IllegalStateException(what);
    }
  }
}
