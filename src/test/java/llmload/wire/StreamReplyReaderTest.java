package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults and oddities of streams; each feed is one nanosecond later than the one before. */
class StreamReplyReaderTest {
  private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":null}", null);
  private static final String STOP = chunk("{}", "stop");
  private static final String DONE = "data: [DONE]\n\n";

  @Test
  void cleanEnd_neitherDoneNorFinish_isNoTerminator() {
    assertThat(read(End.CLEAN, ROLE, content("a")).outcome()).isEqualTo(Outcome.NO_TERMINATOR);
    assertThat(read(End.CLEAN).outcome()).isEqualTo(Outcome.NO_TERMINATOR);
  }

  @Test
  void cleanEnd_finishButNoDone_isOkAndFlagged() {
    Reply reply = read(End.CLEAN, content("a"), STOP);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.flags()).containsExactlyInAnyOrder(Flag.NO_DONE, Flag.USAGE_MISSING);
    assertThat(reply.terminatorAtNanos()).isNull();
  }

  @Test
  void cleanEnd_oneOfTwoChoicesUnfinished_isNoTerminator() {
    Reply reply =
        read(End.CLEAN, choice(0, "a", null), choice(1, "b", null), choice(0, "", "stop"));

    assertThat(reply.outcome()).isEqualTo(Outcome.NO_TERMINATOR);
  }

  @Test
  void cut_evenAfterFinish_isPrematureClose() {
    Reply reply = read(End.CUT, content("a"), STOP);

    assertThat(reply.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(reply.message()).isEqualTo("the connection closed inside the answer");
    assertThat(reply.firstContentAtNanos()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n\n",
        "data: [DONE]\n",
        "data: [DONE]",
        "data:[DONE]",
        "data: [DONE]\r\n\r\n"
      })
  void done_whateverItsLineEnd_terminatesAtOnce(String mark) {
    for (End end : End.values()) {
      StreamReplyReader reader = feed(content("a"), mark);

      assertThat(reader.isTerminated()).isTrue();
      Reply reply = reader.reply(end);
      assertThat(reply.outcome()).isEqualTo(Outcome.OK);
      assertThat(reply.terminatorAtNanos()).isEqualTo(2);
      assertThat(reply.flags()).containsExactly(Flag.USAGE_MISSING);
    }
  }

  @Test
  void done_byteByByteWithItsLineEnd_isNoEventAfterDone() {
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed());
    byte[] body = (content("a") + DONE).getBytes(UTF_8);
    for (int i = 0; i < body.length; i++) {
      reader.feed(body, i, i + 1, i);
    }

    Reply reply = reader.reply(End.CLEAN);
    assertThat(reply.flags()).containsExactly(Flag.USAGE_MISSING);
    // The mark counts with its last byte, two line feeds before the end.
    assertThat(reply.terminatorAtNanos()).isEqualTo(body.length - 3);
  }

  @Test
  void done_thenMoreEvents_ignoresAndFlagsThem() {
    for (String more : new String[] {content("b"), STOP, DONE, "data: nonsense\n\n"}) {
      Reply reply = read(End.CLEAN, content("a"), content("a"), DONE, more);

      assertThat(reply.outcome()).isEqualTo(Outcome.OK);
      assertThat(reply.text()).isEqualTo("aa");
      assertThat(reply.flags()).contains(Flag.EVENTS_AFTER_DONE);
    }
    assertThat(read(End.CLEAN, content("a"), DONE, ": bye\n\n").flags())
        .doesNotContain(Flag.EVENTS_AFTER_DONE);
  }

  @Test
  void abandoned_halfRead_isIncomplete() {
    assertThat(read(End.ABANDONED, content("a")).outcome()).isEqualTo(Outcome.INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r"})
  void lineEnds_otherThanLineFeed_sameReply(String end) {
    String body = ROLE + content("a") + content("b") + content("ü") + STOP + usage(4, 9) + DONE;

    Reply twin = read(End.CLEAN, body);
    Reply reply = read(End.CLEAN, body.replace("\n", end));
    assertThat(reply.text()).isEqualTo("abü");
    assertThat(reply.usage()).isEqualTo(twin.usage());
    assertThat(reply.chunks(0)).isEqualTo(twin.chunks(0));
  }

  @Test
  void utf8_splitInsideACharacterAndWithMark_isWhole() {
    byte[] body = ("\uFEFF" + content("日本") + content("語") + DONE).getBytes(UTF_8);
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed().keepingText());
    for (int i = 0; i < body.length; i++) {
      reader.feed(body, i, i + 1, 1);
    }

    assertThat(reader.reply(End.CLEAN).text()).isEqualTo("日本語");
  }

  @Test
  void utf8_badBytes_areReplacedAndFlagged() {
    // The second chunk would repeat the first one's frame.
    byte[] body = (content("a") + content("?") + STOP + DONE).getBytes(UTF_8);
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '?' ? (byte) 0xFF : body[i];
    }
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed().keepingText());
    reader.feed(body, 0, body.length, 1);

    Reply reply = reader.reply(End.CLEAN);
    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("a\uFFFD");
    assertThat(reply.flags()).contains(Flag.BAD_UTF8);
  }

  @Test
  void noise_aroundEvents_isIgnored() {
    String event = content("x").replace("data: ", "data:");
    Reply reply =
        read(
            End.CLEAN,
            ": ping\n\n",
            "event: ping\ndata: {\"type\":\"ping\"}\n\n",
            "data:\n\n",
            "retry: abc\nid: a\0b\nfoo: bar\n" + event,
            event.replace("data:{", "data:{\ndata:"),
            DONE);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("xx");
    assertThat(reply.firstByteAtNanos()).isEqualTo(1);
    assertThat(reply.firstEventAtNanos()).isEqualTo(4);
  }

  @Test
  void text_unicodeLineSeparators_areOneEvent() {
    assertThat(read(End.CLEAN, content("a\u2028b\u2029c\u0085d"), DONE).text())
        .isEqualTo("a\u2028b\u2029c\u0085d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"choices\":\n\n",
        "data: {\"choices\":[]}{\"choices\":[]}\n\n",
        "data: {\"choices\":[]}data: {\"choices\":[]}\n\n",
        "data: {\"choices\":[]}\ndata: {\"choices\":[]}\n\n",
        "data: [1]\n\n",
        "data: nonsense\n\n",
        "data: <html></html>\n\n",
        "data: {\"foo\":1}\n\n",
        "data: {\"choices\":7}\n\n",
        "data: {\"choices\":[],}\n\n",
        "data: {\u0000}\n\n"
      })
  void event_notOfTheProtocol_failsAndTellsWhich(String event) {
    StreamReplyReader reader = feed(content("a"), event, content("b"), DONE);

    assertThat(reader.isFailed()).isTrue();
    Reply reply = reader.reply(End.CLEAN);
    assertThat(reply.outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(reply.message()).startsWith("event 2: Expecting ");
    assertThat(reply.text()).isEqualTo("a");
    assertThat(reply.terminatorAtNanos()).isNull();
  }

  @Test
  void event_endless_failsAtTheLimitInLittleMemory() {
    StreamReplyReader reader =
        new StreamReplyReader(ReplyOptions.streamed().withMaxEventBytes(1_000));
    byte[] filler = "x".repeat(100).getBytes(UTF_8);
    int fed = 0;
    while (!reader.isFailed() && fed < 100_000) {
      reader.feed(filler, 0, filler.length, 1);
      fed += filler.length;
    }

    assertThat(fed).isEqualTo(1_100);
    assertThat(reader.reply(End.CUT).outcome()).isEqualTo(Outcome.PROTOCOL);
    assertThat(reader.reply(End.CUT).message())
        .isEqualTo("event 1: Expecting at most 1000 bytes. Found: more.");
  }

  @Test
  void event_repeatedFrameBeyondTheLimit_failsLikeAnyOther() {
    StreamReplyReader reader =
        new StreamReplyReader(ReplyOptions.streamed().withMaxEventBytes(300));
    byte[] body = (content("a") + content("b") + content("c".repeat(300))).getBytes(UTF_8);
    reader.feed(body, 0, body.length, 1);

    assertThat(reader.reply(End.CUT).outcome()).isEqualTo(Outcome.PROTOCOL);
  }

  @Test
  void event_deeplyNested_failsWithoutOverflow() {
    String deep = "data: {\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}\n\n";

    assertThat(read(End.CLEAN, deep).outcome()).isEqualTo(Outcome.PROTOCOL);
  }

  @Test
  void error_firstMidOrLast_isStreamErrorWithItsMessage() {
    for (String[] events :
        new String[][] {
          {"data: {\"error\":{\"message\":\"out of\\nmemory\"}}\n\n"},
          {ROLE, content("a"), "data: {\"error\":\"out of memory\"}\n\n", content("b")},
          {content("a"), "data: {\"object\":\"error\",\"message\":\"out of memory\"}\n\n"},
          {content("a"), "event: error\ndata: out of memory\n\n", DONE}
        }) {
      Reply reply = read(End.CLEAN, events);

      assertThat(reply.outcome()).isEqualTo(Outcome.STREAM_ERROR);
      assertThat(reply.message()).isEqualTo("out of memory");
      assertThat(reply.text()).isIn("", "a");
    }
  }

  @Test
  void error_null_isNone() {
    String event = content("a").replace("{\"choices\"", "{\"error\":null,\"choices\"");

    assertThat(read(End.CLEAN, event, DONE).outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void firstToken_roleAndEmptyDeltasBefore_areNotIt() {
    StreamReplyReader reader = feed(ROLE, content(""), content("a").substring(0, 20));

    assertThat(reader.hasToken()).isFalse();
    Reply reply = read(End.CLEAN, ROLE, content(""), content("a"), content("b"), DONE);
    assertThat(reply.firstEventAtNanos()).isEqualTo(1);
    assertThat(reply.roleAtNanos()).isEqualTo(1);
    assertThat(reply.firstContentAtNanos()).isEqualTo(3);
    assertThat(reply.lastTokenAtNanos()).isEqualTo(4);
    assertThat(reply.chunkAtNanos()).containsExactly(3, 4);
  }

  @Test
  void lastToken_finishUsageAndPings_doNotMoveIt() {
    StreamReplyReader reader = feed(content("a"), content("b"), ": ping\n\n", STOP, usage(2, 5));

    assertThat(reader.hasToken()).isTrue();
    assertThat(reader.lastTokenAtNanos()).isEqualTo(2);
  }

  @Test
  void channels_reasoningThenContent_areStampedApart() {
    String thought = chunk("{\"reasoning_content\":\"hm\"}", null);
    String other = chunk("{\"reasoning\":\"so\",\"reasoning_content\":\"so\"}", null);
    Reply reply = read(End.CLEAN, ROLE, thought, thought, other, content("a"), content("b"), DONE);

    assertThat(reply.firstReasoningAtNanos()).isEqualTo(2);
    assertThat(reply.firstContentAtNanos()).isEqualTo(5);
    assertThat(reply.reasoning()).isEqualTo("hmhmso");
    assertThat(reply.text()).isEqualTo("ab");
    assertThat(reply.chunkTokens()).containsExactly(1, 1, 1, 1, 1);
  }

  @Test
  void channels_reasoningOnly_isAnAnswer() {
    Reply reply = read(End.CLEAN, chunk("{\"reasoning\":\"hm\"}", null), STOP, DONE);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.firstContentAtNanos()).isNull();
  }

  @Test
  void channels_toolCalls_countOncePerCall() {
    String name =
        "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":"
            + "{\"name\":\"weather\",\"arguments\":\"\"}}]}";
    String arguments = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}";
    String nothing = "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\"}}]}";
    Reply reply =
        read(
            End.CLEAN,
            ROLE,
            chunk(nothing, null),
            chunk(name, null),
            chunk(arguments, null),
            chunk("{}", "tool_calls"),
            DONE);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.firstToolCallAtNanos()).isEqualTo(3);
    assertThat(reply.firstContentAtNanos()).isNull();
    assertThat(reply.chunkTokens()).containsExactly(1, 1);
    assertThat(reply.finishReason()).isEqualTo("tool_calls");
    assertThat(reply.text()).isEmpty();
  }

  @Test
  void empty_stopWithoutToken_isEmpty() {
    Reply reply = read(End.CLEAN, ROLE, STOP, usage(0, 5), DONE);

    assertThat(reply.outcome()).isEqualTo(Outcome.EMPTY);
    assertThat(reply.usage()).isEqualTo(new TokenUsage(5, 0, null, null, TokenCountSource.USAGE));
    assertThat(reply.chunks(0).size()).isZero();
    assertThat(read(End.CLEAN, DONE).outcome()).isEqualTo(Outcome.EMPTY);
  }

  @Test
  void choices_twoInterleaved_sumTheirTokensAndFinishOnceEach() {
    Reply reply =
        read(
            End.CLEAN,
            choice(0, "a", null),
            choice(1, "b", null),
            choice(0, "c", null),
            choice(0, "", "stop"),
            choice(1, "", "length"),
            DONE);

    assertThat(reply.usage().outputTokens()).isEqualTo(3);
    assertThat(reply.flags()).containsExactly(Flag.USAGE_MISSING);
    assertThat(reply.finishReason()).isEqualTo("stop");
  }

  @Test
  void choices_twoInOneEvent_areOneChunkOfTwoTokens() {
    String both =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}},"
            + "{\"index\":1,\"delta\":{\"content\":\"b\"}}]}\n\n";
    Reply reply = read(End.CLEAN, choice(0, "x", null), both, both, DONE);

    assertThat(reply.chunkTokens()).containsExactly(1, 2, 2);
    assertThat(reply.text()).isEqualTo("xabab");
  }

  @Test
  void finish_repeatedForOneChoice_isFlagged() {
    assertThat(read(End.CLEAN, content("a"), STOP, STOP, DONE).flags())
        .contains(Flag.FINISH_REPEATED);
    assertThat(read(End.CLEAN, content("a"), STOP, DONE).flags())
        .doesNotContain(Flag.FINISH_REPEATED);
  }

  @Test
  void surrogates_escapedAndSplitOverChunks_joinToOneCharacter() {
    Reply reply = read(End.CLEAN, content("\\ud83d"), content("\\ude00"), content("x"), DONE);

    assertThat(reply.text()).isEqualTo("\uD83D\uDE00x");
  }

  @Test
  void ndjson_sameObjectsALine_sameReply() {
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed().keepingText());

    assertThat(reader.acceptsContentType("application/x-ndjson; charset=utf-8")).isTrue();
    String body = (content("a") + content("b") + STOP.stripTrailing()).replace("data: ", "");
    byte[] bytes = body.getBytes(UTF_8);
    reader.feed(bytes, 0, 30, 1);
    reader.feed(bytes, 30, bytes.length, 2);
    Reply reply = reader.reply(End.CLEAN);
    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.text()).isEqualTo("ab");
    assertThat(reply.flags()).contains(Flag.NO_DONE);
  }

  @Test
  void contentType_streams_areAcceptedInAnyCase() {
    for (String type :
        new String[] {
          "text/event-stream", "Text/Event-Stream;charset=utf-8", " TEXT/EVENT-STREAM ", ""
        }) {
      assertThat(new StreamReplyReader(ReplyOptions.streamed()).acceptsContentType(type)).isTrue();
    }
    assertThat(new StreamReplyReader(ReplyOptions.streamed()).acceptsContentType(null)).isTrue();
    for (String type : new String[] {"text/html", "application/json", "text/event-streams"}) {
      assertThat(new StreamReplyReader(ReplyOptions.streamed()).acceptsContentType(type)).isFalse();
    }
  }

  private static Reply read(End end, String... events) {
    return feed(events).reply(end);
  }

  private static StreamReplyReader feed(String... events) {
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed().keepingText());
    long now = 0;
    for (String event : events) {
      byte[] bytes = event.getBytes(UTF_8);
      reader.feed(bytes, 0, bytes.length, ++now);
    }
    return reader;
  }

  private static String content(String text) {
    return chunk("{\"content\":\"" + text + "\"}", null);
  }

  private static String chunk(String delta, @Nullable String finish) {
    String reason = finish == null ? "null" : "\"" + finish + "\"";
    return "data: {\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + reason
        + "}],\"object\":\"chat.completion.chunk\"}\n\n";
  }

  private static String choice(int index, String text, @Nullable String finish) {
    return chunk("{\"content\":\"" + text + "\"}", finish)
        .replace("\"index\":0", "\"index\":" + index);
  }

  private static String usage(long output, long input) {
    return "data: {\"choices\":[],\"usage\":{\"completion_tokens\":%d,\"prompt_tokens\":%d}}\n\n"
        .formatted(output, input);
  }
}
