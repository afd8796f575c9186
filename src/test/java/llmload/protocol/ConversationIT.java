package llmload.protocol;

import static llmload.protocol.LlmDsl.llm;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conversations: what each turn really sends, and what the journal tells of it. */
@Timeout(60)
class ConversationIT {
  private static List<Step> says(String text) {
    return List.of(Steps.sse(), Steps.chunks(OpenAiFrames.stream(text)), Steps.lastChunk());
  }

  private static List<Step> fails() {
    return List.of(Steps.json(503, OpenAiFrames.errorBody("busy", "server_error")));
  }

  private static final LlmRequestBuilder TURN = llm("conversation").turn("#{message}");

  /** Sends turns of one user, whose session goes from each to the next. */
  private static final class Talk implements AutoCloseable {
    private final ScriptedServer server;
    private final ProtocolHarness harness;
    private Object conversation;

    Talk(Conversation conversation, Script script) {
      this.conversation = conversation;
      server = ScriptedServer.start(script);
      harness = ProtocolHarness.to(server.baseUrl());
    }

    RequestRecord say(String message) {
      RequestRecord record =
          harness.send(TURN, 7, Map.of("message", message, SessionKeys.CONVERSATION, conversation));
      conversation = harness.awaitSession().attributes().get(SessionKeys.CONVERSATION).get();
      return record;
    }

    String lastMessages() {
      List<String> bodies = server.requestBodies();
      String body = bodies.get(bodies.size() - 1);
      int from = body.indexOf("\"messages\":") + 11;
      return body.substring(from, body.indexOf(']', from) + 1).replace('"', '\'');
    }

    @Override
    public void close() {
      harness.close();
      server.close();
    }
  }

  @Test
  void turns_oneAfterTheOther_sendTheWholeHistory() {
    Script script = Script.inTurn(says("Good day."), says("43"), says("34"));
    try (Talk talk = new Talk(Conversation.start("c#1", "Be brief."), script)) {
      RequestRecord first = talk.say("Hello");
      assertThat(talk.lastMessages())
          .isEqualTo("[{'role':'system','content':'Be brief.'},{'role':'user','content':'Hello'}]");

      RequestRecord second = talk.say("17 + 26?");
      assertThat(talk.lastMessages())
          .isEqualTo(
              "[{'role':'system','content':'Be brief.'},{'role':'user','content':'Hello'},"
                  + "{'role':'assistant','content':'Good day.'},"
                  + "{'role':'user','content':'17 + 26?'}]");

      RequestRecord third = talk.say("- 9?");
      assertThat(talk.lastMessages())
          .endsWith("{'role':'assistant','content':'43'},{'role':'user','content':'- 9?'}]");

      assertThat(List.of(first, second, third))
          .extracting(RequestRecord::session, RequestRecord::turn, r -> r.tags().get(Tags.KIND))
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("c#1", 0, "conversation"),
              org.assertj.core.groups.Tuple.tuple("c#1", 1, "conversation"),
              org.assertj.core.groups.Tuple.tuple("c#1", 2, "conversation"));
    }
  }

  @Test
  void turn_thatFails_leavesTheHistoryAsItWas() {
    Script script = Script.inTurn(says("Good day."), fails(), says("43"));
    try (Talk talk = new Talk(Conversation.start("c#1", ""), script)) {
      assertThat(talk.say("Hello").outcome()).isEqualTo(Outcome.OK);
      assertThat(talk.say("lost").outcome()).isEqualTo(Outcome.HTTP_5XX);
      RequestRecord again = talk.say("17 + 26?");

      assertThat(again.turn()).isEqualTo(2);
      assertThat(talk.lastMessages())
          .isEqualTo(
              "[{'role':'user','content':'Hello'},{'role':'assistant','content':'Good day.'},"
                  + "{'role':'user','content':'17 + 26?'}]");
    }
  }

  @Test
  void turn_withoutAConversation_beginsOneOfTheUser() {
    try (ScriptedServer server = ScriptedServer.start(request -> says("Hi."));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record = harness.send(TURN, 7, Map.of("message", "Hello"));

      assertThat(record.session()).isEqualTo("user-7");
      assertThat(record.turn()).isZero();
    }
  }

  @Test
  void tags_ofARequest_reachItsRecordAndFlagAPromptOfAnotherLength() {
    LlmRequestBuilder request =
        llm("chat").user("hi").tag("shape", "#{shape}").tag(Tags.WANTED_INPUT_TOKENS, "#{length}");
    try (ScriptedServer server = ScriptedServer.start(r -> says("Hi."));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      // The answer says 10 prompt tokens: 10 % off is 9.09 to 11.11, so 11 is right and 12 is not.
      RequestRecord right = harness.send(request, 1, Map.of("shape", "a", "length", 11));
      RequestRecord wrong = harness.send(request, 1, Map.of("shape", "b", "length", 12));

      assertThat(right.tags())
          .containsEntry("shape", "a")
          .containsEntry(Tags.WANTED_INPUT_TOKENS, "11")
          .doesNotContainKey(Tags.FLAGS);
      assertThat(wrong.tags())
          .containsEntry("shape", "b")
          .containsEntry(Tags.FLAGS, "prompt_length");
    }
  }
}
