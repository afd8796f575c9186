package llmload.protocol.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import llmload.wire.End;
import llmload.wire.Reply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded streams through the tap, held against the codec's own reading of the same bytes. */
class RawTapTest extends RawTapContract {
  private static byte[] recorded(String name) {
    try (InputStream in = RawTapTest.class.getResourceAsStream("/fixtures/wire/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body in chunks of random sizes, with the liberties that HTTP/1.1 gives. */
  private static byte[] chunked(byte[] body, Random random) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(CHUNKED_HEAD.getBytes(ISO_8859_1));
    int most = random.nextBoolean() ? 7 : 700;
    for (int at = 0; at < body.length; ) {
      int end = Math.min(body.length, at + 1 + random.nextInt(most));
      wire.writeBytes((size(end - at, random) + "\r\n").getBytes(ISO_8859_1));
      wire.write(body, at, end - at);
      wire.writeBytes("\r\n".getBytes(ISO_8859_1));
      at = end;
    }
    String last = random.nextBoolean() ? "0\r\n" : "000;last=1\r\n";
    String trailers = random.nextBoolean() ? "" : "X-Sum: 1\r\nX-More: 2\r\n";
    wire.writeBytes((last + trailers + "\r\n").getBytes(ISO_8859_1));
    return wire.toByteArray();
  }

  private static String size(int bytes, Random random) {
    String hex = Integer.toHexString(bytes);
    return switch (random.nextInt(5)) {
      case 0 -> hex.toUpperCase(Locale.ROOT);
      case 1 -> "00" + hex;
      case 2 -> hex + ";name=value";
      case 3 -> hex + ";a;b=\"c\"";
      default -> hex;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inference-server-chat-no-usage.sse",
        "inference-server-chat.sse",
        "inference-server-completions.sse",
        "llamacpp-chat-40-tokens.sse",
        "llamacpp-chat-logprobs.sse",
        "llamacpp-chat-no-usage.sse",
        "llamacpp-chat-usage.sse",
        "llamacpp-completions.sse",
        "llamacpp-killed-midstream.sse",
        "llamacpp-anthropic-messages.sse",
        "noise160m/llamacpp-chat-empty-stop.sse",
        "noise160m/llamacpp-chat-usage.sse",
        "noise160m/llamacpp-completions.sse"
      })
  void recordedStream_cutAnyhow_isReadAsTheCodecReadsIt(String name) {
    byte[] body = recorded(name);
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      byte[] bytes = chunked(body, random);
      int most = new int[] {1, 3, 50, 4000}[seed % 4];
      Wire tapped = new Wire(true, true);
      tapped.tap.arm(tapped, true);
      Wire plain = new Wire(false, false);
      tapped.feed(bytes, most, random);
      plain.feed(bytes, most, random);
      byte[] decoded = plain.decoded.toByteArray();
      plain.reader.feed(decoded, 0, decoded.length, 7);

      assertThat(tapped.tapped.toByteArray()).isEqualTo(body);
      assertThat(decoded).isEqualTo(body);
      assertThat(tapped.decoded.size()).as("bytes that the codec saw of it").isZero();
      assertThat(tapped.statuses).containsExactly(200);
      assertThat(tapped.lastCount).isEqualTo(1).isEqualTo(plain.lastCount);
      assertThat(tapped.trailerCount).isEqualTo(plain.trailerCount);
      assertThat(tapped.broken).isNull();
      assertThat(words(tapped.reader.reply(End.CLEAN)))
          .isEqualTo(words(plain.reader.reply(End.CLEAN)));
      tapped.assertNothingLeaks();
      plain.assertNothingLeaks();
    }
  }

  private static List<Object> words(Reply reply) {
    return List.of(
        reply.outcome(),
        String.valueOf(reply.message()),
        Arrays.toString(reply.chunkTokens()),
        String.valueOf(reply.finishReason()),
        reply.usage(),
        reply.flags(),
        reply.text(),
        reply.bytesReceived());
  }
}
