package llmload.wire;

import java.io.IOException;
import llmload.model.RequestKind;

/** The form of Ollama's answers in one piece: that of the last object of its streams. */
final class OllamaBody implements WholeBody {
  @Override
  public void read(RequestKind kind, byte[] bytes, Frame frame) throws IOException {
    new OllamaFrameParser(frame, true, false).parse(bytes, 0, bytes.length);
  }

  @Override
  public String answerKey(RequestKind kind) {
    return kind == RequestKind.COMPLETION ? "response" : "message";
  }

  @Override
  public String listKey() {
    return "models";
  }
}
