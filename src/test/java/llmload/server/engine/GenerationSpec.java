package llmload.server.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to generate.
 *
 * @param prompt the text to go on from, special tokens written out
 * @param maxTokenCount the limit of the answer, at least 1
 * @param sampling how to choose among the likely tokens
 * @param ignoreEos whether the end token is forbidden, so that the limit is reached
 * @param grammar a GBNF grammar that the answer must fit; {@code null} for free text
 * @param tool the tool that the answer must call; {@code null} for an answer in text
 */
public record GenerationSpec(
    String prompt,
    int maxTokenCount,
    Sampling sampling,
    boolean ignoreEos,
    @Nullable String grammar,
    @Nullable String tool) {

  /** Checks the limit. */
  public GenerationSpec {
    if (maxTokenCount < 1) {
      throw new IllegalArgumentException(
          "maxTokenCount: Expecting 1 or more. Found: " + maxTokenCount + ".");
    }
  }

  /**
   * How the next token is drawn; what is {@code null} is left to the engine.
   *
   * @param seed the seed of the draw: the same seed gives the same text when nothing else runs
   * @param temperature 0 takes the likeliest token always
   * @param topP the share of probability to draw from, 0 to 1
   * @param topK how many of the likeliest tokens to draw from
   * @param presencePenalty -2 to 2
   * @param frequencyPenalty -2 to 2
   */
  public record Sampling(
      @Nullable Integer seed,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable Integer topK,
      @Nullable Double presencePenalty,
      @Nullable Double frequencyPenalty) {
    /** Everything as the engine likes. */
    public static final Sampling ENGINE_DEFAULT = new Sampling(null, null, null, null, null, null);

    /** The seed, if one was asked for. */
    public Optional<Integer> seedIfAny() {
      return Optional.ofNullable(seed);
    }
  }
}
