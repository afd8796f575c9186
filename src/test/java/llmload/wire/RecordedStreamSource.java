package llmload.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The recorded answers among the test resources. */
final class RecordedStreamSource {
  /** Every recorded stream. */
  static final List<String> STREAMS =
      List.of(
          "inference-server-chat-no-usage.sse",
          "inference-server-chat.sse",
          "inference-server-completions.sse",
          "inference-server-error-in-stream.sse",
          "llamacpp-anthropic-messages.sse",
          "llamacpp-chat-40-tokens.sse",
          "llamacpp-chat-logprobs.sse",
          "llamacpp-chat-no-usage.sse",
          "llamacpp-chat-usage.sse",
          "llamacpp-completions.sse",
          "llamacpp-killed-midstream.sse",
          "llamacpp-responses-cut220.sse",
          "noise160m/llamacpp-anthropic-messages.sse",
          "noise160m/llamacpp-chat-empty-stop.sse",
          "noise160m/llamacpp-chat-logprobs.sse",
          "noise160m/llamacpp-chat-no-usage.sse",
          "noise160m/llamacpp-chat-usage.sse",
          "noise160m/llamacpp-completions.sse",
          "noise160m/llamacpp-responses-cut220.sse");

  private RecordedStreamSource() {}

  /** The bytes of a recorded body. */
  static byte[] read(String name) {
    String path = "/fixtures/wire/" + name;
    try (InputStream in = RecordedStreamSource.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException(path + ": Expecting a resource. Found: none.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
