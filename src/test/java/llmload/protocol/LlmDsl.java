package llmload.protocol;

import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.OptionalDouble;
import llmload.metrics.RequestMetrics;
import llmload.model.MetricId;

/**
 * The way into the {@code llm} protocol; meant for a static import.
 *
 * <pre>{@code
 * LlmProtocolBuilder llm = llm(http.baseUrl(url)).dialect("openai-chat").model("m");
 * scenario("chat")
 *     .exec(llm("chat").user("#{prompt}").maxTokens(128)
 *         .check(timeToFirstToken().lte(Duration.ofMillis(200)), finishReason().in("stop", "length"))
 *         .saveReplyAs("reply"));
 * }</pre>
 */
public final class LlmDsl {
  private LlmDsl() {}

  /**
   * An llm protocol over {@code http}, whose base URL, headers, TLS and proxy settings it keeps.
   */
  public static LlmProtocolBuilder llm(HttpProtocolBuilder http) {
    return LlmProtocolBuilder.over(http);
  }

  /** A request of that name, which is its scope in every report. */
  public static LlmRequestBuilder.Kind llm(String requestName) {
    return new LlmRequestBuilder.Kind(requestName);
  }

  /** Checks the time from sending to the first generated token, in any channel. */
  public static LlmChecks.OfDuration timeToFirstToken() {
    return new LlmChecks.OfDuration(
        "time_to_first_token_ms",
        "time to first token",
        record -> LlmChecks.millis(record.stamps().firstTokenNanos()));
  }

  /** Checks the answer's output tokens per second, from sending to the last token. */
  public static LlmChecks.OfNumber tokensPerSecond() {
    return new LlmChecks.OfNumber(
        "tokens_per_second",
        "tokens per second",
        record -> {
          OptionalDouble rate =
              RequestMetrics.sample(MetricId.OUTPUT_TOKENS_PER_SECOND_PER_USER, record);
          return rate.isPresent() ? rate.getAsDouble() : null;
        });
  }

  /** Checks the number of output tokens. */
  public static LlmChecks.OfNumber outputTokens() {
    return new LlmChecks.OfNumber(
        "output_tokens",
        "output tokens",
        record -> {
          Integer tokens = record.usage().outputTokens();
          return tokens == null ? null : tokens.doubleValue();
        });
  }

  /** Checks why the server stopped. */
  public static LlmChecks.OfWord finishReason() {
    return new LlmChecks.OfWord("finish_reason", "finish reason", record -> record.finishReason());
  }
}
