package llmload.server.engine.simulated;

import java.util.List;
import java.util.SplittableRandom;
import llmload.server.engine.JsonShape;

/** JSON that a sequence will say, drawn beforehand, cut into its tokens. */
final class JsonScript {
  /** Keeps the draws apart from those of lengths and noise, which come from the same seed. */
  private static final long DRAWS = 1;

  private final List<String> pieces;
  private final int[] ids;

  private JsonScript(String json) {
    pieces = SimulatedTokenizer.pieces(json);
    ids = SimulatedTokenizer.tokenize(json);
  }

  /** Draws JSON of {@code shape}; the same seed gives the same. */
  static JsonScript of(JsonShape shape, SimulatedText words, long seed) {
    SplittableRandom random = new SplittableRandom(Mix.of(seed, DRAWS));
    return new JsonScript(new JsonInstances(words, random).draw(shape));
  }

  /** How many tokens it has. */
  int tokenCount() {
    return ids.length;
  }

  /** The text of a token. */
  String text(int index) {
    return pieces.get(index);
  }

  /** A token. */
  int tokenId(int index) {
    return ids[index];
  }
}
