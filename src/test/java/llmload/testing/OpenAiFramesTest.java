package llmload.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiFramesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void content_withEveryKindOfCharacter_isThatText() throws IOException {
    String text = "a\"b\\c\nd\u0001e\u2028fü\uD83D\uDE00";

    JsonNode choice = payload(OpenAiFrames.content(1, text)).at("/choices/0");

    assertThat(choice.at("/index").asInt()).isEqualTo(1);
    assertThat(choice.at("/delta/content").asText()).isEqualTo(text);
    assertThat(choice.at("/finish_reason").isNull()).isTrue();
  }

  @Test
  void channels_eachHaveTheirField() throws IOException {
    assertThat(payload(OpenAiFrames.role()).at("/choices/0/delta/role").asText())
        .isEqualTo("assistant");
    assertThat(
            payload(OpenAiFrames.reasoning("hm")).at("/choices/0/delta/reasoning_content").asText())
        .isEqualTo("hm");
    JsonNode call =
        payload(OpenAiFrames.toolCall(2, "f", "{\"a\":")).at("/choices/0/delta/tool_calls/0");
    assertThat(call.at("/index").asInt()).isEqualTo(2);
    assertThat(call.at("/function/name").asText()).isEqualTo("f");
    assertThat(call.at("/function/arguments").asText()).isEqualTo("{\"a\":");
    assertThat(
            payload(OpenAiFrames.toolArguments(2, "1}"))
                .at("/choices/0/delta/tool_calls/0/function/arguments")
                .asText())
        .isEqualTo("1}");
  }

  @Test
  void usage_sumsItsTwoParts_andHasNoChoice() throws IOException {
    JsonNode usage = payload(OpenAiFrames.usage(7, 5));

    assertThat(usage.at("/choices")).isEmpty();
    assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(7);
    assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    assertThat(usage.at("/usage/total_tokens").asInt()).isEqualTo(12);
    JsonNode both = payload(OpenAiFrames.contentWithUsage("x", 7, 1));
    assertThat(both.at("/choices/0/delta/content").asText()).isEqualTo("x");
    assertThat(both.at("/usage/completion_tokens").asInt()).isEqualTo(1);
  }

  @Test
  void stream_ofTwoPieces_isRolePiecesFinishUsageDone() throws IOException {
    List<String> events = OpenAiFrames.stream("a", "b");

    assertThat(events).hasSize(6).allMatch(event -> event.endsWith("\n\n"));
    assertThat(payload(events.get(2)).at("/choices/0/delta/content").asText()).isEqualTo("b");
    assertThat(payload(events.get(3)).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(payload(events.get(4)).at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(events.get(5)).isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void bodies_areJson() throws IOException {
    assertThat(payload(OpenAiFrames.error("no \"room\"")).at("/error/message").asText())
        .isEqualTo("no \"room\"");
    assertThat(JSON.readTree(OpenAiFrames.models("m")).at("/data/0/id").asText()).isEqualTo("m");
    JsonNode whole = JSON.readTree(OpenAiFrames.completion("hi", 3, 1));
    assertThat(whole.at("/choices/0/message/content").asText()).isEqualTo("hi");
    assertThat(whole.at("/usage/total_tokens").asInt()).isEqualTo(4);
  }

  private static JsonNode payload(String event) throws IOException {
    assertThat(event).startsWith("data: ").endsWith("\n\n");
    return JSON.readTree(event.substring("data: ".length()));
  }
}
