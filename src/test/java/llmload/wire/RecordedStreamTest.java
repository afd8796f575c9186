package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.ServerTimings;
import llmload.model.TokenCountSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers of each row were counted by hand when the streams were recorded. */
class RecordedStreamTest {

  static List<String> streams() {
    return RecordedStreamSource.STREAMS;
  }

  // output, input and cached tokens: from usage, or timings (predicted_n; cache_n + prompt_n).
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          llamacpp-chat-usage.sse               | 10 |  6 |  6 | 29 |  0 | length | `Hast thou then that h`
          llamacpp-chat-no-usage.sse            |  5 |  2 |  2 | 15 |  4 | length | `Ho`
          llamacpp-chat-logprobs.sse            |  4 |  1 |  1 | 13 |  4 | length | `H`
          llamacpp-completions.sse              |  5 |  3 |  3 |  4 |  0 | length | ` all their sub`
          noise160m/llamacpp-chat-usage.sse     | 10 |  6 |  6 | 19 |  5 | length | `peat进行 NOTIFY,:]该项目_cred`
          noise160m/llamacpp-chat-no-usage.sse  |  5 |  2 |  2 | 20 | 19 | length | `せいרגש`
          noise160m/llamacpp-completions.sse    |  5 |  3 |  3 |  2 |  0 | length | ` CastroModelError˙`
          inference-server-chat.sse             |  6 |  3 |  3 | 10 |  - | length | ` Estatebes Wolverine`
          inference-server-chat-no-usage.sse    |  4 |  2 |  2 |  - |  - | -      | ` Estatebes`
          inference-server-completions.sse      |  3 |  2 |  2 |  - |  - | -      | ` ROM ROM`
          """)
  void recorded_completeStream_readsAsCountedByHand(ArgumentsAccessor row) {
    String file = row.getString(0);
    int output = row.getInteger(3);
    Integer input = row.getInteger(4);
    byte[] body = RecordedStreamSource.read(file);

    assertThat(dataOf(body)).hasSize(row.getInteger(1));
    Reply reply = read(body, End.CLEAN);
    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.chunkAtNanos()).hasSize(row.getInteger(2));
    assertThat(reply.usage().outputTokens()).isEqualTo(output);
    assertThat(reply.usage().inputTokens()).isEqualTo(input);
    assertThat(reply.usage().cachedTokens()).isEqualTo(row.getInteger(5));
    assertThat(reply.finishReason()).isEqualTo(row.getString(6));
    assertThat(reply.text()).isEqualTo(row.getString(7));
    assertThat(IntStream.of(reply.chunkTokens()).sum()).isEqualTo(output);
    boolean counted = input == null;
    assertThat(reply.usage().source())
        .isEqualTo(counted ? TokenCountSource.CHUNKS : TokenCountSource.USAGE);
    assertThat(reply.flags().contains(Flag.USAGE_MISSING)).isEqualTo(counted);
    assertThat(reply.bytesReceived()).isEqualTo(body.length);
  }

  @Test
  void recorded_fortyTokens_oneTokenAChunk() {
    Reply reply = read(RecordedStreamSource.read("llamacpp-chat-40-tokens.sse"), End.CLEAN);

    // 43 data lines: the role, 40 tokens, the finish, [DONE]; timings say predicted_n 40.
    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.chunkTokens()).hasSize(40).containsOnly(1);
    assertThat(reply.usage().outputTokens()).isEqualTo(40);
    assertThat(reply.usage().inputTokens()).isEqualTo(15);
    assertThat(reply.text()).startsWith("And I will take of the blood");
  }

  @Test
  void recorded_timings_areTheServersOwnTimes() {
    // prompt_ms 3.618 and predicted_ms 1.742 beside a usage; 1.678 and 0.729 without one.
    assertThat(read(RecordedStreamSource.read("llamacpp-chat-usage.sse"), End.CLEAN).timings())
        .isEqualTo(new ServerTimings(null, 3_618_000L, 1_742_000L));
    assertThat(read(RecordedStreamSource.read("llamacpp-chat-no-usage.sse"), End.CLEAN).timings())
        .isEqualTo(new ServerTimings(null, 1_678_000L, 729_000L));
    assertThat(read(RecordedStreamSource.read("inference-server-chat.sse"), End.CLEAN).timings())
        .isEqualTo(ServerTimings.NONE);
  }

  @Test
  void recorded_stopAtOnce_isEmptyYetCounted() {
    Reply reply =
        read(RecordedStreamSource.read("noise160m/llamacpp-chat-empty-stop.sse"), End.CLEAN);

    assertThat(reply.outcome()).isEqualTo(Outcome.EMPTY);
    assertThat(reply.finishReason()).isEqualTo("stop");
    assertThat(reply.usage().outputTokens()).isEqualTo(1);
    assertThat(reply.roleAtNanos()).isEqualTo(7);
    assertThat(reply.lastTokenAtNanos()).isNull();
  }

  @Test
  void recorded_serverKilled_isCutShort() {
    Reply reply = read(RecordedStreamSource.read("llamacpp-killed-midstream.sse"), End.CUT);

    assertThat(reply.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(reply.text()).isEqualTo(" Rot");
    assertThat(reply.flags()).isEmpty();
  }

  @Test
  void recorded_errorMarkWithoutLineEnd_failsWhileTheConnectionStaysOpen() {
    byte[] body = RecordedStreamSource.read("inference-server-error-in-stream.sse");
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed());

    reader.feed(body, 0, body.length, 7);

    assertThat(reader.isFailed()).isTrue();
    assertThat(reader.reply(End.ABANDONED).outcome()).isEqualTo(Outcome.STREAM_ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "llamacpp-anthropic-messages.sse",
    "noise160m/llamacpp-anthropic-messages.sse",
    "llamacpp-responses-cut220.sse",
    "noise160m/llamacpp-responses-cut220.sse"
  })
  void recorded_otherDialect_breaksTheProtocol(String file) {
    Reply reply = read(RecordedStreamSource.read(file), End.CLEAN);

    assertThat(reply.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(reply.message())
        .startsWith("event 1: Expecting an object with choices, usage or error. Found: {\"");
  }

  @ParameterizedTest
  @MethodSource("streams")
  void recorded_everyPlaceToCut_sameReply(String file) {
    byte[] body = RecordedStreamSource.read(file);
    String whole = describe(read(body, End.CLEAN));

    // A long stream repeats itself: every seventh place meets each kind of place many times.
    int stride = body.length > 4_000 ? 7 : 1;
    for (int cut = 0; cut <= body.length; cut += stride) {
      StreamReplyReader reader = reader(true);
      reader.feed(body, 0, cut, 7);
      reader.feed(body, cut, body.length, 7);
      assertThat(describe(reader.reply(End.CLEAN))).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void recorded_oneByteAtATime_sameReplyOnBothPaths(String file) {
    byte[] body = RecordedStreamSource.read(file);
    String whole = describe(read(body, End.CLEAN));

    for (boolean fastPath : new boolean[] {true, false}) {
      StreamReplyReader reader = reader(fastPath);
      for (int i = 0; i < body.length; i++) {
        reader.feed(body, i, i + 1, 7);
      }
      assertThat(describe(reader.reply(End.CLEAN))).isEqualTo(whole);
    }
  }

  private static Reply read(byte[] body, End end) {
    StreamReplyReader reader = reader(true);
    reader.feed(body, 0, body.length, 7);
    return reader.reply(end);
  }

  private static StreamReplyReader reader(boolean fastPath) {
    return new StreamReplyReader(ReplyOptions.streamed().keepingText(), fastPath);
  }

  /** Everything a reply says, the arrays' content included. */
  static String describe(Reply reply) {
    return reply.toString().replaceAll("\\[[JI]@[0-9a-f]+", "")
        + reply.chunks(0)
        + List.copyOf(new TreeSet<>(reply.flags()));
  }

  private static List<String> dataOf(byte[] body) {
    return new String(body, UTF_8).lines().filter(line -> line.startsWith("data:")).toList();
  }
}
