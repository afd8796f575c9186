package llmload.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.server.GenerationRequest.Kind;
import llmload.server.engine.TokenSink.Part;
import org.junit.jupiter.api.Test;

class StreamFramesTest {
  private static StreamFrames frames(Kind kind, String options) {
    String input =
        kind == Kind.CHAT
            ? "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
            : "\"prompt\":\"Hi\"";
    String body = "{" + input + options + "}";
    GenerationRequest request = GenerationRequestParser.parse(kind, body.getBytes(UTF_8));
    return new StreamFrames(request, "7", 1_700_000_000L, "m", "llmload-llama");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  @Test
  void chatEvents_plain_areOpenAisChunks() {
    StreamFrames frames = frames(Kind.CHAT, ",\"stream\":true");
    String head =
        "data: {\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
            + "\"model\":\"m\",\"system_fingerprint\":\"llmload-llama\",\"choices\":[";
    Usage usage = new Usage(3, 1);

    assertThat(text(frames.role(usage, 0)))
        .isEqualTo(
            head
                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                + "\"finish_reason\":null}]}\n\n");
    assertThat(text(frames.piece(Part.CONTENT, "a\n\"é\"", usage, 0)))
        .isEqualTo(
            head
                + "{\"index\":0,\"delta\":{\"content\":\"a\\n\\\"é\\\"\"},"
                + "\"finish_reason\":null}]}\n\n");
    assertThat(text(frames.finish("length", usage, 0)))
        .isEqualTo(head + "{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n");
    assertThat(text(frames.usage(usage)))
        .isEqualTo(
            head
                + "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}\n\n");
    assertThat(text(StreamFrames.DONE)).isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void chatEvents_continuousUsage_carryTheCountsEach() {
    StreamFrames frames =
        frames(Kind.CHAT, ",\"stream\":true,\"stream_options\":{\"continuous_usage_stats\":true}");

    assertThat(text(frames.piece(Part.CONTENT, "a", new Usage(3, 2), 0)))
        .endsWith(
            "\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
                + "\"total_tokens\":5}}\n\n");
  }

  @Test
  void completionEvents_carryText() {
    StreamFrames frames = frames(Kind.COMPLETION, ",\"stream\":true");

    assertThat(text(frames.piece(Part.CONTENT, "a", new Usage(3, 1), 0)))
        .isEqualTo(
            "data: {\"id\":\"cmpl-7\",\"object\":\"text_completion\",\"created\":1700000000,"
                + "\"model\":\"m\",\"system_fingerprint\":\"llmload-llama\",\"choices\":["
                + "{\"index\":0,\"text\":\"a\",\"logprobs\":null,\"finish_reason\":null}]}\n\n");
  }

  @Test
  void wholeChat_isOneObject() {
    assertThat(
            text(frames(Kind.CHAT, "").whole(Map.of(Part.CONTENT, "a b"), "stop", new Usage(3, 2))))
        .isEqualTo(
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":1700000000,"
                + "\"model\":\"m\",\"system_fingerprint\":\"llmload-llama\",\"choices\":["
                + "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a b\"},"
                + "\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
  }

  @Test
  void reasoningAndToolCall_haveTheirOwnFields() {
    StreamFrames frames =
        frames(
            Kind.CHAT,
            ",\"stream\":true,\"tool_choice\":\"required\","
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find\"}}]");
    Usage usage = new Usage(3, 1);

    assertThat(text(frames.piece(Part.REASONING, " so", usage, 0)))
        .contains(
            "{\"index\":0,\"delta\":{\"reasoning_content\":\" so\"},\"finish_reason\":null}]}");
    assertThat(text(frames.toolCall(usage, 0)))
        .contains(
            "\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call-7\",\"type\":\"function\","
                + "\"function\":{\"name\":\"find\",\"arguments\":\"\"}}]},\"finish_reason\":null}]}");
    assertThat(text(frames.piece(Part.TOOL_CALL, "{}", usage, 0)))
        .contains(
            "\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]},"
                + "\"finish_reason\":null}]}");
  }

  @Test
  void truth_askedFor_isInEachEvent() {
    StreamFrames frames = frames(Kind.CHAT, ",\"stream\":true,\"llmload_truth\":true");
    Usage usage = new Usage(3, 1);

    assertThat(text(frames.role(usage, 5))).endsWith("}],\"llmload_sent_nanos\":5}\n\n");
    assertThat(text(frames.piece(Part.CONTENT, "a", usage, 6)))
        .endsWith("}],\"llmload_sent_nanos\":6}\n\n");
  }

  @Test
  void usage_withDetails_namesCachedAndReasoningTokens() {
    assertThat(new Usage(30, 9, 16, 4).json())
        .isEqualTo(
            "{\"prompt_tokens\":30,\"completion_tokens\":9,\"total_tokens\":39,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":16},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":4}}");
  }
}
