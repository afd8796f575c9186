package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static llmload.wire.ChatEventSource.DONE;
import static llmload.wire.ChatEventSource.ROLE;
import static llmload.wire.ChatEventSource.STOP;
import static llmload.wire.ChatEventSource.choice;
import static llmload.wire.ChatEventSource.content;
import static llmload.wire.ChatEventSource.feed;
import static llmload.wire.ChatEventSource.read;
import static llmload.wire.ChatEventSource.usage;
import static org.assertj.core.api.Assertions.assertThat;

import llmload.model.Flag;
import llmload.model.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams end and break; each feed is one nanosecond later than the one before. */
class StreamReplyReaderTest {
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
}
