package llmload.wire;

import static llmload.wire.ChatEventSource.DONE;
import static llmload.wire.ChatEventSource.ROLE;
import static llmload.wire.ChatEventSource.STOP;
import static llmload.wire.ChatEventSource.choice;
import static llmload.wire.ChatEventSource.chunk;
import static llmload.wire.ChatEventSource.content;
import static llmload.wire.ChatEventSource.feed;
import static llmload.wire.ChatEventSource.read;
import static llmload.wire.ChatEventSource.usage;
import static org.assertj.core.api.Assertions.assertThat;

import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.Test;

/** What counts as a token, and when; each feed is one nanosecond later than the one before. */
class StreamTokensTest {
  @Test
  void text_unicodeLineSeparators_areOneEvent() {
    assertThat(read(End.CLEAN, content("a\u2028b\u2029c\u0085d"), DONE).text())
        .isEqualTo("a\u2028b\u2029c\u0085d");
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
  void usage_runningOnEachChunk_givesEachChunksTokens() {
    Reply reply =
        read(End.CLEAN, ROLE, running("a b", 2), running("c", 3), running("d e f", 6), STOP, DONE);

    assertThat(reply.chunkTokens()).containsExactly(2, 1, 3);
    assertThat(reply.usage())
        .isEqualTo(new TokenUsage(9, 6, null, null, TokenCountSource.CONTINUOUS_USAGE));
    assertThat(reply.flags()).isEmpty();
  }

  @Test
  void usage_twice_lastValidWins() {
    String impossible = usage(3, 5).replace(":3,", ":%s,");
    Reply reply =
        read(
            End.CLEAN,
            content("a"),
            content("b"),
            content("c"),
            usage(9, 9),
            usage(3, 5),
            impossible.replace("%s", "-7"),
            impossible.replace("%s", "1e18"),
            impossible.replace("%s", "1000000000000000000000"),
            impossible.replace("%s", "\"3\""),
            impossible.replace("%s", "null"),
            DONE);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.usage()).isEqualTo(new TokenUsage(5, 3, null, null, TokenCountSource.USAGE));
    assertThat(reply.flags()).containsExactly(Flag.USAGE_INVALID);
  }

  @Test
  void usage_halfOfTheTexts_isAContradiction() {
    Reply reply = read(End.CLEAN, content("a"), content("b"), STOP, usage(1, 5), DONE);

    assertThat(reply.outcome()).isEqualTo(Outcome.OK);
    assertThat(reply.flags()).containsExactly(Flag.USAGE_CONTRADICTION);
  }

  @Test
  void usage_details_areReadWhereverTheyStand() {
    String details =
        "\"prompt_tokens_details\":{\"cached_tokens\":4},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":1,\"audio\":null},";
    Reply reply =
        read(
            End.CLEAN,
            chunk("{\"reasoning\":\"hm\"}", null),
            content("a"),
            usage(2, 5).replace("\"completion_tokens\"", details + "\"completion_tokens\""),
            DONE);

    assertThat(reply.usage()).isEqualTo(new TokenUsage(5, 2, 4, 1, TokenCountSource.USAGE));
    assertThat(reply.chunkTokens()).containsExactly(1, 1);
  }

  private static String running(String text, int output) {
    String usage = ",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":" + output + "}}\n\n";
    return content(text).replace("}\n\n", usage);
  }
}
