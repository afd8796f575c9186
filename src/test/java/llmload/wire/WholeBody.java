package llmload.wire;

import java.io.IOException;
import llmload.model.RequestKind;

/** The form of answers that come in one piece. No state. */
interface WholeBody {
  /** OpenAI's: {@code choices[]} of an answer, {@code data[]} of a list. */
  WholeBody OPENAI =
      new WholeBody() {
        @Override
        public void read(RequestKind kind, byte[] bytes, Frame frame) throws IOException {
          new FrameParser(frame, true, false).parse(bytes, 0, bytes.length);
        }

        @Override
        public String answerKey(RequestKind kind) {
          return "choices";
        }

        @Override
        public String listKey() {
          return "data";
        }
      };

  /**
   * Puts what an answer says into {@code frame}.
   *
   * @throws IOException if it is not one JSON object
   */
  void read(RequestKind kind, byte[] bytes, Frame frame) throws IOException;

  /** The key without which an object is no answer. */
  String answerKey(RequestKind kind);

  /** The key of the list of models. */
  String listKey();
}
