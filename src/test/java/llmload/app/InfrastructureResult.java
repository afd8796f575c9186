package llmload.app;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One result of {@code bench tokenizers}, with the fields of PyAgent's infrastructure record. What
 * does not apply or was not measured is {@code null}.
 *
 * @param name what was done
 * @param durationSeconds the time of all iterations together
 * @param iterationCount calls, or requests that succeeded
 * @param totalTokenCount all tokens
 * @param inputTokenCount those that were read
 * @param outputTokenCount those that a model generated
 * @param success whether it worked
 * @param error why not; {@code null} if it did
 * @param metrics further numbers and words, by name
 * @param agentId the tokenizer, or the model that was asked
 */
record InfrastructureResult(
    String name,
    @Nullable Double durationSeconds,
    @Nullable Long iterationCount,
    @Nullable Long totalTokenCount,
    @Nullable Long inputTokenCount,
    @Nullable Long outputTokenCount,
    boolean success,
    @Nullable String error,
    Map<String, Object> metrics,
    @Nullable String agentId) {

  private static final double MILLIS_PER_SECOND = 1e3;

  /** Copies {@code metrics}, order kept. */
  InfrastructureResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** Something that did not work. */
  static InfrastructureResult failed(String name, String error) {
    return new InfrastructureResult(
        name, null, null, null, null, null, false, error, Map.of(), null);
  }

  /** All tokens ÷ time. */
  @Nullable Double tokensPerSecond() {
    return ratio(totalTokenCount, durationSeconds);
  }

  /** Generated tokens ÷ time. */
  @Nullable Double outputTokensPerSecond() {
    return ratio(outputTokenCount, durationSeconds);
  }

  /** Time ÷ all tokens. */
  @Nullable Double millisPerToken() {
    return ratio(millis(), totalTokenCount);
  }

  /** Time ÷ iterations. */
  @Nullable Double millisPerIteration() {
    return ratio(millis(), iterationCount);
  }

  private @Nullable Double millis() {
    return durationSeconds == null ? null : Double.valueOf(durationSeconds * MILLIS_PER_SECOND);
  }

  private static @Nullable Double ratio(@Nullable Number part, @Nullable Number whole) {
    return part == null || whole == null || whole.doubleValue() <= 0
        ? null
        : Double.valueOf(part.doubleValue() / whole.doubleValue());
  }
}
