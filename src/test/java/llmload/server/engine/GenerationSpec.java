package llmload.server.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to generate.
 *
 * @param prompt the text to go on from, special tokens written out
 * @param minTokenCount the fewest tokens of the answer, 0 to the limit: until then no end token
 * @param maxTokenCount the limit of the answer, at least 1
 * @param sampling how to choose among the likely tokens
 * @param ignoreEos whether the end token is forbidden, so that the limit is reached
 * @param shape the JSON that the answer is held to, and with which it ends; {@code null} for free
 *     text
 * @param toolCall whether that JSON is the arguments of a tool call
 * @param heldTokenCount tokens at the prompt's start whose cache a session holds; {@code null} if
 *     the request is of no session
 */
public record GenerationSpec(
    String prompt,
    int minTokenCount,
    int maxTokenCount,
    Sampling sampling,
    boolean ignoreEos,
    @Nullable JsonShape shape,
    boolean toolCall,
    @Nullable Integer heldTokenCount) {

  /** Checks the limits. */
  public GenerationSpec {
    if (maxTokenCount < 1) {
      throw new IllegalArgumentException(
          "maxTokenCount: Expecting 1 or more. Found: " + maxTokenCount + ".");
    }
    if (minTokenCount < 0 || minTokenCount > maxTokenCount) {
      throw new IllegalArgumentException(
          "minTokenCount: Expecting 0 to " + maxTokenCount + ". Found: " + minTokenCount + ".");
    }
  }

  /** The same for a session that holds that many of the prompt's first tokens. */
  public GenerationSpec holding(int tokenCount) {
    return new GenerationSpec(
        prompt, minTokenCount, maxTokenCount, sampling, ignoreEos, shape, toolCall, tokenCount);
  }

  /**
   * How the next token is drawn; what is {@code null} is left to the engine.
   *
   * @param seed the seed of the draw: the same seed gives the same text as far as the engine can,
   *     which each states
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
