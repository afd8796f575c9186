package llmload.server.engine.simulated;

import llmload.server.engine.FinishReason;
import llmload.server.engine.TokenSink;

/**
 * What one sequence will say, drawn beforehand from its seed: how many tokens, of which kind, and
 * which words.
 *
 * @param text the words
 * @param seed of the words
 * @param reasoningCount tokens of reasoning, which come first
 * @param fullCount tokens if no limit cut them, reasoning included
 * @param limitCount tokens that are sent, at most {@code fullCount}
 * @param tool whether the answer is a tool call
 * @param finish why it ends after the last token
 */
record Answer(
    SimulatedText text,
    long seed,
    int reasoningCount,
    int fullCount,
    int limitCount,
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
    int index = text.wordIndex(seed, place);
    if (tool && place >= reasoningCount) {
      boolean first = place == reasoningCount;
      boolean last = place == fullCount - 1;
      if (first || last) {
        out.append(first ? (last ? "{}" : "{\"text\":\"") : "\"}");
        return index;
      }
    }
    out.append(text.word(index));
    return text.tokenId(index);
  }
}
