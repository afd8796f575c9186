package llmload.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import llmload.server.GenerationRequest.Kind;
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

    assertThat(text(frames.role(usage)))
        .isEqualTo(
            head
                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                + "\"finish_reason\":null}]}\n\n");
    assertThat(text(frames.piece("a\n\"é\"", usage)))
        .isEqualTo(
            head
                + "{\"index\":0,\"delta\":{\"content\":\"a\\n\\\"é\\\"\"},"
                + "\"finish_reason\":null}]}\n\n");
    assertThat(text(frames.finish("length", usage)))
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

    assertThat(text(frames.piece("a", new Usage(3, 2))))
        .endsWith(
            "\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
                + "\"total_tokens\":5}}\n\n");
  }

  @Test
  void completionEvents_carryText() {
    StreamFrames frames = frames(Kind.COMPLETION, ",\"stream\":true");

    assertThat(text(frames.piece("a", new Usage(3, 1))))
        .isEqualTo(
            "data: {\"id\":\"cmpl-7\",\"object\":\"text_completion\",\"created\":1700000000,"
                + "\"model\":\"m\",\"system_fingerprint\":\"llmload-llama\",\"choices\":["
                + "{\"index\":0,\"text\":\"a\",\"logprobs\":null,\"finish_reason\":null}]}\n\n");
  }

  @Test
  void wholeChat_isOneObject() {
    assertThat(text(frames(Kind.CHAT, "").whole("a b", "stop", new Usage(3, 2))))
        .isEqualTo(
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":1700000000,"
                + "\"model\":\"m\",\"system_fingerprint\":\"llmload-llama\",\"choices\":["
                + "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a b\"},"
                + "\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
  }
}
