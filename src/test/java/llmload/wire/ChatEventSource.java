package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Events of a streamed chat, and replies read from them: each feed is a nanosecond later. */
final class ChatEventSource {
  static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":null}", null);
  static final String STOP = chunk("{}", "stop");
  static final String DONE = "data: [DONE]\n\n";

  private ChatEventSource() {}

  static Reply read(End end, String... events) {
    return feed(events).reply(end);
  }

  static StreamReplyReader feed(String... events) {
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed().keepingText());
    long now = 0;
    for (String event : events) {
      byte[] bytes = event.getBytes(UTF_8);
      reader.feed(bytes, 0, bytes.length, ++now);
    }
    return reader;
  }

  static String content(String text) {
    return chunk("{\"content\":\"" + text + "\"}", null);
  }

  static String chunk(String delta, @Nullable String finish) {
    String reason = finish == null ? "null" : "\"" + finish + "\"";
    return "data: {\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + reason
        + "}],\"object\":\"chat.completion.chunk\"}\n\n";
  }

  static String choice(int index, String text, @Nullable String finish) {
    return chunk("{\"content\":\"" + text + "\"}", finish)
        .replace("\"index\":0", "\"index\":" + index);
  }

  static String usage(long output, long input) {
    return "data: {\"choices\":[],\"usage\":{\"completion_tokens\":%d,\"prompt_tokens\":%d}}\n\n"
        .formatted(output, input);
  }
}
