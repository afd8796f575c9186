package llmload.protocol.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import llmload.model.RequestKind;
import llmload.wire.Dialects;
import llmload.wire.ReplyOptions;
import llmload.wire.ReplyReader;
import org.jspecify.annotations.Nullable;

/** A channel with a tap, as the engine has it. */
abstract class RawTapContract {
  static final String CHUNKED_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  /** A channel as the engine has it; what its last handler hears, and what the tap hears. */
  static final class Wire implements RawTap.Sink {
    final ByteArrayOutputStream tapped = new ByteArrayOutputStream();
    final ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    final List<Integer> statuses = new ArrayList<>();
    final List<ByteBuf> fed = new ArrayList<>();
    final ReplyReader reader =
        Dialects.of("openai-chat").reader(RequestKind.CHAT, ReplyOptions.streamed().keepingText());
    final RawTap tap = new RawTap();
    final EmbeddedChannel channel;
    int lastCount;
    int trailerCount;
    boolean takes;
    boolean armsAgain;
    @Nullable String broken;

    Wire(boolean withTap, boolean takes) {
      this.takes = takes;
      channel = new EmbeddedChannel();
      if (withTap) {
        channel.pipeline().addLast(tap);
      }
      channel.pipeline().addLast(new HttpClientCodec(), new Listener());
    }

    @Override
    public void onBody(byte[] bytes, int from, int to, long atNanos) {
      tapped.write(bytes, from, to - from);
      reader.feed(bytes, from, to, 7);
    }

    @Override
    public void onBrokenChunks(String what) {
      broken = what;
    }

    void feed(byte[] bytes) {
      ByteBuf buffer = Unpooled.copiedBuffer(bytes);
      fed.add(buffer);
      channel.writeInbound(buffer);
    }

    void feed(String text) {
      feed(text.getBytes(ISO_8859_1));
    }

    /** Bytes cut at random, at most {@code most} in a packet. */
    void feed(byte[] bytes, int most, Random random) {
      for (int at = 0; at < bytes.length && channel.isOpen(); ) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(most));
        feed(Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
    }

    void assertNothingLeaks() {
      channel.finishAndReleaseAll();
      assertThat(fed).allMatch(buffer -> buffer.refCnt() == 0);
    }

    /** What the engine's last handler does, as far as it matters here. */
    private final class Listener extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response) {
          statuses.add(response.status().code());
          if (takes) {
            tap.take();
          }
        }
        if (message instanceof HttpContent content) {
          byte[] bytes = new byte[content.content().readableBytes()];
          content.content().getBytes(content.content().readerIndex(), bytes);
          decoded.writeBytes(bytes);
        }
        if (message instanceof LastHttpContent last) {
          lastCount++;
          trailerCount += last.trailingHeaders().size();
          if (armsAgain) {
            tap.arm(Wire.this, true);
          }
        }
        ReferenceCountUtil.release(message);
      }
    }
  }
}
