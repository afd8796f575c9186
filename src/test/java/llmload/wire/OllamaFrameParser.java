package llmload.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import llmload.wire.Frame.Channel;
import llmload.wire.UsageTally.Field;
import llmload.wire.UsageTally.Work;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object of an answer of Ollama's own API: {@code message} of {@code /api/chat},
 * {@code response} of {@code /api/generate}. The last one of a stream, and a whole answer, is
 * {@code done} and holds the counts and the durations, in nanoseconds; a count or duration of 0 is
 * left out by the server.
 */
final class OllamaFrameParser extends FrameParser {
  private final Frame frame;
  private @Nullable String finish;

  OllamaFrameParser(Frame frame, boolean wantText, boolean wantPlace) {
    super(frame, wantText, wantPlace);
    this.frame = frame;
  }

  @Override
  void parse(byte[] bytes, int from, int to) throws IOException {
    finish = null;
    super.parse(bytes, from, to);
    if (frame.hasChoices()) {
      frame.choice(0, finish);
    }
  }

  @Override
  void topLevel(JsonParser p, String name) throws IOException {
    switch (name) {
      case "message" -> {
        if (p.currentToken() == JsonToken.START_OBJECT) {
          frame.choices();
          delta(p);
        } else {
          p.skipChildren();
        }
      }
      case "response" -> {
        frame.choices();
        boolean unused = text(p, Channel.CONTENT);
        p.skipChildren();
      }
      case "thinking" -> {
        boolean unused = text(p, Channel.REASONING);
        p.skipChildren();
      }
      case "done" -> {
        if (p.currentToken() == JsonToken.VALUE_TRUE) {
          frame.done();
        }
      }
      case "done_reason" ->
          finish = p.currentToken() == JsonToken.VALUE_STRING ? p.getText() : finish;
      case "error" -> super.topLevel(p, name);
      default -> counts(p, name);
    }
  }

  private void counts(JsonParser p, String name) throws IOException {
    switch (name) {
      case "prompt_eval_count" -> countHere(p, Field.INPUT);
      case "eval_count" -> {
        countHere(p, Field.OUTPUT);
        frame.total(frame.usage().output());
      }
      case "load_duration" -> durationHere(p, Work.LOAD, 1);
      case "prompt_eval_duration" -> durationHere(p, Work.PREFILL, 1);
      case "eval_duration" -> durationHere(p, Work.DECODE, 1);
      default -> p.skipChildren();
    }
  }
}
