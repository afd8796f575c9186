package llmload.protocol;

import static llmload.protocol.LlmDsl.arrayLength;
import static llmload.protocol.LlmDsl.endToEnd;
import static llmload.protocol.LlmDsl.interTokenLatency;
import static llmload.protocol.LlmDsl.llm;
import static llmload.protocol.LlmDsl.notTruncated;
import static llmload.protocol.LlmDsl.outputTokens;
import static llmload.protocol.LlmDsl.replyIsJson;
import static llmload.protocol.LlmDsl.replyMatches;
import static llmload.protocol.LlmDsl.replyMatchesSchema;
import static llmload.protocol.LlmDsl.usagePresent;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Structured requests on the wire, and every check of an answer's text. */
@Timeout(60)
class StructuredReplyIT {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"users\":{\"type\":\"array\",\"items\":{\"type\":"
          + "\"integer\"},\"minItems\":3,\"maxItems\":3}},\"required\":[\"users\"],"
          + "\"additionalProperties\":false}";

  private static LlmRequestBuilder structured(LlmCheck... checks) {
    return llm("structured").user("#{prompt}").jsonSchema("#{schema}").check(checks);
  }

  private static Step[] stream(String reason, String... pieces) {
    List<String> events = new java.util.ArrayList<>(List.of(OpenAiFrames.role()));
    for (String piece : pieces) {
      events.add(OpenAiFrames.content(piece));
    }
    events.add(OpenAiFrames.finish(reason));
    events.add(OpenAiFrames.usage(10, pieces.length));
    events.add(OpenAiFrames.done());
    return new Step[] {Steps.sse(), Steps.chunks(events), Steps.lastChunk()};
  }

  /** The record of a request that is answered so, and what Gatling heard of it. */
  private static RequestRecord play(LlmRequestBuilder request, String gatlingText, Step... steps) {
    try (ScriptedServer server = ScriptedServer.start(Script.always(steps));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record =
          harness.send(
              request, 1, Map.of("prompt", "Three numbers.", "schema", SCHEMA, "list", "users"));
      assertThat(harness.logged())
          .filteredOn(response -> !response.name().endsWith(" TTFT"))
          .singleElement()
          .satisfies(
              response -> {
                assertThat(response.ok()).isEqualTo(gatlingText.isEmpty());
                assertThat(response.message()).isEqualTo(gatlingText);
              });
      return record;
    }
  }

  @Test
  void request_withASchema_carriesItInOpenAisForm() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(stream("stop", "{}")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record =
          harness.send(structured(), 1, Map.of("prompt", "Three numbers.", "schema", SCHEMA));

      assertThat(server.requestBodies())
          .singleElement()
          .asString()
          .contains(
              "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                  + "{\"name\":\"answer\",\"strict\":true,\"schema\":"
                  + SCHEMA
                  + "}}");
      assertThat(record.tags()).containsEntry("kind", "structured");
      assertThat(record.schemaValid()).isNull();
    }
  }

  @Test
  void answer_thatFits_isOkAndValid() {
    RequestRecord record =
        play(
            structured(
                replyMatchesSchema("#{schema}"),
                replyIsJson(),
                arrayLength("/#{list}").is(3),
                replyMatches("^\\{\"users\""),
                usagePresent(),
                notTruncated()),
            "",
            stream("stop", "{\"users\":", "[1,2,3]}"));

    assertThat(record.outcome()).isEqualTo(Outcome.OK);
    assertThat(record.schemaValid()).isTrue();
    assertThat(record.tags())
        .containsEntry("check.schema", "valid")
        .containsEntry("check.reply_is_json", "true")
        .containsEntry("check.array_length", "3")
        .containsEntry("check.reply_matches", "true")
        .containsEntry("check.token_count_source", "usage")
        .containsEntry("check.finish_reason", "stop");
  }

  @Test
  void arrayOfTwo_whereThreeAreAsked_isASchemaViolation() {
    RequestRecord record =
        play(
            structured(replyMatchesSchema("#{schema}")),
            "reply does not match its schema",
            stream("stop", "{\"users\":[1,2]}"));

    assertThat(record.outcome()).isEqualTo(Outcome.SCHEMA);
    assertThat(record.schemaValid()).isFalse();
    assertThat(record.message()).isEqualTo("reply does not match its schema");
    assertThat(record.tags()).containsEntry("check.schema", "array_length");
  }

  @Test
  void answer_cutAtItsLimit_isASchemaViolationThatSaysSo() {
    RequestRecord record =
        play(
            structured(replyMatchesSchema("#{schema}")),
            "reply does not match its schema",
            stream("length", "{\"users\":[1,"));

    assertThat(record.outcome()).isEqualTo(Outcome.SCHEMA);
    assertThat(record.tags()).containsEntry("check.schema", "truncated_json");
  }

  @Test
  void otherCheck_failingFirst_leavesTheSchemasVerdict() {
    RequestRecord record =
        play(
            structured(outputTokens().gte(5), replyMatchesSchema("#{schema}")),
            "output tokens below 5",
            stream("stop", "{\"users\":[1,2]}"));

    assertThat(record.outcome()).isEqualTo(Outcome.CHECK);
    assertThat(record.schemaValid()).isFalse();
  }

  @Test
  void schema_thatIsNone_isTheTestersFault() {
    RequestRecord record =
        play(
            llm("structured").user("hi").check(replyMatchesSchema("#{missing}")),
            "CLIENT",
            stream("stop", "{}"));

    assertThat(record.outcome()).isEqualTo(Outcome.CLIENT);
    assertThat(record.message()).isEqualTo("Check could not be evaluated");
    assertThat(record.tags().get("check.schema")).startsWith("not evaluated: ").contains("missing");
    assertThat(record.schemaValid()).isNull();
  }

  @Test
  void check_ofText_failsWithItsOwnText() {
    Step[] text = stream("length", "Once", " upon");

    assertCheck(replyIsJson(), "reply is not JSON", "check.reply_is_json", "false", text);
    assertCheck(
        replyMatches("[0-9]"), "reply does not match [0-9]", "check.reply_matches", "false", text);
    assertCheck(
        arrayLength("").is(1), "array length other than 1", "check.array_length", "null", text);
    assertCheck(
        notTruncated(),
        "reply truncated at its token limit",
        "check.finish_reason",
        "length",
        text);
  }

  @Test
  void usage_notSent_failsItsCheck() {
    List<String> events =
        List.of(OpenAiFrames.content("a"), OpenAiFrames.finish("stop"), OpenAiFrames.done());

    assertCheck(
        usagePresent(),
        "usage missing",
        "check.token_count_source",
        "chunks",
        Steps.sse(),
        Steps.chunks(events),
        Steps.lastChunk());
  }

  @Test
  void times_aboveTheirLimits_fail() {
    Duration gap = Duration.ofMillis(60);
    Step[] slow = {
      Steps.sse(),
      Steps.chunk(OpenAiFrames.content("a")),
      Steps.pause(gap),
      Steps.chunks(OpenAiFrames.stream("b").subList(1, 4)),
      Steps.lastChunk()
    };

    // Two chunks 60 ms apart; the usage counts one token, so the gap per token is not known.
    assertCheck(
        interTokenLatency().lte(Duration.ofMillis(5)),
        "inter-token latency above 5 ms",
        "check.inter_token_latency_ms",
        "null",
        slow);
    RequestRecord record =
        play(
            llm("chat").user("hi").check(endToEnd().lte(Duration.ofMillis(30))),
            "end to end above 30 ms",
            slow);
    assertThat(Double.parseDouble(String.valueOf(record.tags().get("check.end_to_end_ms"))))
        .isGreaterThanOrEqualTo(59);
  }

  private static void assertCheck(
      LlmCheck check, String failure, String tag, String value, Step... steps) {
    RequestRecord record = play(llm("chat").user("hi").check(check), failure, steps);
    assertThat(record.outcome()).isEqualTo(Outcome.CHECK);
    assertThat(record.message()).isEqualTo(failure);
    assertThat(record.tags()).containsEntry(tag, value);
  }
}
