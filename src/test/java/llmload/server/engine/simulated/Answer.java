package llmload.server.engine.simulated;

import llmload.server.engine.FinishReason;
import llmload.server.engine.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * What one sequence will say, drawn beforehand from its seed: how many tokens, of which kind, and
 * which words.
 *
 * @param text the words
 * @param seed of the words
 * @param reasoningCount tokens of reasoning, which come first
 * @param fullCount tokens if no limit cut them, reasoning included
 * @param limitCount tokens that are sent, at most {@code fullCount}
 * @param json what is said behind the reasoning instead of words; {@code null} for words
 * @param tool whether the answer is a tool call
 * @param finish why it ends after the last token
 */
record Answer(
    SimulatedText text,
    long seed,
    int reasoningCount,
    int fullCount,
    int limitCount,
    @Nullable JsonScript json,
    boolean tool,
    FinishReason finish) {

  /** What the token at {@code place} belongs to. */
  TokenSink.Part part(int place) {
    if (place < reasoningCount) {
      return TokenSink.Part.REASONING;
    }
    return tool ? TokenSink.Part.TOOL_CALL : TokenSink.Part.CONTENT;
  }

  /** The place after the last one that belongs with {@code place}, at most {@code end}. */
  int partEnd(int place, int end) {
    return place < reasoningCount ? Math.min(end, reasoningCount) : end;
  }

  /** Appends the text of the token at {@code place}; returns the token. */
  int append(int place, StringBuilder out) {
    if (json != null && place >= reasoningCount) {
      out.append(json.text(place - reasoningCount));
      return json.tokenId(place - reasoningCount);
    }
    int index = text.wordIndex(seed, place);
    out.append(text.word(index));
    return text.tokenId(index);
  }
}
