package llmload.analysis.telemetry;

import java.util.OptionalLong;
import llmload.metrics.RequestMetrics;
import llmload.model.RequestRecord;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** What the answers come to that telemetry is laid beside. Not safe for use by several threads. */
final class AnswerTally {
  private long okCount;
  private long countedCount;
  private long outputTokens;
  private long promptTokens;
  private long cachedTokens;
  private long cacheToldCount;
  private @Nullable Long loadNanos;

  /** Takes any request, warm-up included: the first one may have waited for the model. */
  void addAny(RequestRecord request) {
    Long loaded = request.timings().loadNanos();
    if (loaded != null && (loadNanos == null || loaded > loadNanos)) {
      loadNanos = loaded;
    }
  }

  /** Takes a measured OK request of generated tokens. */
  void addOk(RequestRecord request) {
    okCount++;
    OptionalLong tokens = RequestMetrics.outputTokens(request);
    if (tokens.isPresent()) {
      countedCount++;
      outputTokens += tokens.getAsLong();
    }
    TokenUsage usage = request.usage();
    Integer prompt = usage.inputTokens();
    Integer cached = usage.cachedTokens();
    if (prompt != null && cached != null) {
      cacheToldCount++;
      promptTokens += prompt;
      cachedTokens += cached;
    }
  }

  long okCount() {
    return okCount;
  }

  /** {@code null} unless the tokens of every answer were counted. */
  @Nullable Long outputTokens() {
    return countedCount == 0 || countedCount < okCount ? null : Long.valueOf(outputTokens);
  }

  /** Why there is no number of tokens to divide by. */
  String whyNoTokens() {
    return countedCount < okCount && countedCount > 0
        ? "tokens of %d of %d answers were counted".formatted(countedCount, okCount)
        : "no output token was counted";
  }

  /** The longest load of the model that an answer told; {@code null} if none did. */
  @Nullable Long loadNanos() {
    return loadNanos;
  }

  /**
   * Prompt tokens from the server's cache by the answers' usage. Servers leave a 0 out, so that it
   * takes the word of every answer.
   */
  Figure prefixHits() {
    if (cacheToldCount == 0) {
      return Figure.absent("ratio", "no answer tells its cached tokens");
    }
    if (cacheToldCount < okCount) {
      return Figure.absent(
          "ratio", "%d of %d answers tell their cached tokens".formatted(cacheToldCount, okCount));
    }
    return promptTokens == 0
        ? Figure.absent("ratio", "the answers count no prompt token")
        : Figure.of(
            "ratio",
            (double) cachedTokens / promptTokens,
            cacheToldCount,
            "cached ÷ prompt tokens by the answers' usage");
  }
}
