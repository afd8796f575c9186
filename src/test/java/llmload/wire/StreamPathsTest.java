package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static llmload.wire.ChatEventSource.DONE;
import static llmload.wire.ChatEventSource.ROLE;
import static llmload.wire.ChatEventSource.STOP;
import static llmload.wire.ChatEventSource.chunk;
import static llmload.wire.ChatEventSource.content;
import static llmload.wire.ChatEventSource.usage;
import static llmload.wire.RecordedStreamTest.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;
import java.util.Random;
import llmload.model.Outcome;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The fast path, the full parse and every way to cut the bytes give the same reply. */
class StreamPathsTest {
  private static final String[] TEXTS = {
    "a", " the", "日本", "\uD83D\uDE00", "\"", "\\", "\n", "\u2028", "\u0001", "", "}}]}", "data: x"
  };
  private static final String[] NOISE = {
    ": ping\n\n", "event: ping\ndata: {}\n\n", "id: 7\n", "\n", "data:\n\n", "retry: 5\n"
  };

  @Property(seed = "1", tries = 400)
  void anyStream_anyCutting_sameReplyOnBothPaths(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] body = body(random);

    String parsed = describe(read(body, false, body.length, random));
    assertThat(describe(read(body, true, body.length, random))).isEqualTo(parsed);
    assertThat(describe(read(body, true, 1, random))).isEqualTo(parsed);
    assertThat(describe(read(body, false, 1, random))).isEqualTo(parsed);
    assertThat(describe(read(body, true, 300, random))).isEqualTo(parsed);
    assertThat(describe(read(body, false, 50, random))).isEqualTo(parsed);
  }

  @Property(seed = "2", tries = 400)
  void anyDamage_anyCutting_sameReplyOnBothPathsAndNoThrow(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] body = body(random);
    for (int i = random.nextInt(4); i >= 0; i--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }

    String parsed = describe(read(body, false, body.length, random));
    assertThat(describe(read(body, true, body.length, random))).isEqualTo(parsed);
    assertThat(describe(read(body, true, 40, random))).isEqualTo(parsed);
  }

  @Property(seed = "3", tries = 2_000)
  void anyBytes_neverThrow(@ForAll @Size(max = 500) byte[] bytes, @ForAll End end) {
    for (ReplyReader reader :
        new ReplyReader[] {
          new StreamReplyReader(ReplyOptions.streamed()),
          new WholeReplyReader(llmload.model.RequestKind.CHAT, ReplyOptions.whole()),
          new WholeReplyReader(llmload.model.RequestKind.MODELS, ReplyOptions.whole())
        }) {
      reader.feed(bytes, 0, bytes.length, 1);
      assertThat(reader.reply(end).outcome()).isNotEqualTo(Outcome.OK);
    }
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  /** A stream of repeated and odd frames; with line ends of one random kind. */
  private static byte[] body(Random random) {
    StringBuilder body = new StringBuilder(random.nextBoolean() ? ROLE : "\uFEFF" + ROLE);
    String channel = "content";
    for (int i = random.nextInt(30); i >= 0; i--) {
      String text = TEXTS[random.nextInt(TEXTS.length)];
      String json = new String(JsonStringEncoder.getInstance().quoteAsString(text));
      switch (random.nextInt(12)) {
        case 0 -> body.append(NOISE[random.nextInt(NOISE.length)]);
        case 1 -> channel = channel.equals("content") ? "reasoning_content" : "content";
        case 2 -> body.append(content(json).replace("\"index\":0", "\"index\":1"));
        case 3 -> body.append(content(json).replace("data: ", "data:"));
        case 4 -> body.append(content(json).replace("data: {", "data: {\ndata: "));
        case 5 ->
            body.append(content(json).replace("}\n", ",\"usage\":{\"completion_tokens\":3}}\n"));
        default -> body.append(chunk("{\"" + channel + "\":\"" + json + "\"}", null));
      }
    }
    body.append(random.nextBoolean() ? STOP : usage(random.nextInt(40), 5));
    body.append(random.nextBoolean() ? DONE : "")
        .append(random.nextInt(5) == 0 ? content("z") : "");
    String end = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
    return body.toString().replace("\n", end).getBytes(UTF_8);
  }

  private static Reply read(byte[] body, boolean fastPath, int most, Random random) {
    StreamReplyReader reader =
        new StreamReplyReader(
            ReplyOptions.streamed().keepingText().withTokenCounter(String::length), fastPath);
    int at = 0;
    while (at < body.length) {
      int end = most == body.length ? most : Math.min(body.length, at + 1 + random.nextInt(most));
      byte[] piece = Arrays.copyOfRange(body, at, end);
      reader.feed(piece, 0, piece.length, 7);
      Arrays.fill(piece, (byte) '#');
      at = end;
    }
    return reader.reply(End.CLEAN);
  }
}
