package llmload.metrics;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import org.jspecify.annotations.Nullable;

/**
 * One call of the token speed suite, as PyAgent's token speed tests count them: a single request,
 * or all requests of one batch.
 *
 * <p>Tokens and times are those of its OK requests; a call without any has none. Its formulas are
 * PyAgent's: the time is the whole call's, and the speed counts input and output tokens unless it
 * says otherwise.
 *
 * @param test the test that it belongs to, the request's name
 * @param endpoint the label of the server; {@code null} where the run has one
 * @param model the model asked for there; {@code null} where it is the run's own
 * @param prompt the sort of its prompts; {@code null} if a journal does not say
 * @param streamed whether the answer was asked for as a stream
 * @param batched whether it is a batch, be it of one request
 * @param plannedCount how many requests were to be sent together; 1 for a single one
 * @param requestCount its requests
 * @param okCount those that succeeded
 * @param sentNanos when the first was sent, since the run's anchor
 * @param endedNanos when the last ended
 * @param ttftNanos the first token of a single streamed request, since it was sent
 * @param inputTokenCount prompt tokens; {@code null} if not all are known
 * @param outputTokenCount output tokens; {@code null} if not all are known
 * @param source who counted the output tokens
 * @param error why a request of it failed, the first's reason; {@code null} if none did
 */
public record TokenSpeedCall(
    String test,
    @Nullable String endpoint,
    @Nullable String model,
    @Nullable String prompt,
    boolean streamed,
    boolean batched,
    int plannedCount,
    int requestCount,
    int okCount,
    long sentNanos,
    long endedNanos,
    @Nullable Long ttftNanos,
    @Nullable Long inputTokenCount,
    @Nullable Long outputTokenCount,
    @Nullable TokenCountSource source,
    @Nullable String error) {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  /** The call of one request; for a request of a batch, the part that it has in the call. */
  public static TokenSpeedCall of(RequestRecord request) {
    boolean ok = request.outcome().isOk();
    Integer input = request.usage().inputTokens();
    OptionalLong output = RequestMetrics.outputTokens(request);
    boolean streamed = RequestMetrics.isStreamed(request);
    int batch = batchSize(request);
    return new TokenSpeedCall(
        request.request(),
        request.tags().get(Tags.ENDPOINT),
        request.tags().get(Tags.MODEL),
        request.tags().get(Tags.PROMPT),
        streamed,
        wave(request) != null,
        batch,
        1,
        ok ? 1 : 0,
        request.sentNanos(),
        request.endedNanos(),
        ok && streamed && batch == 1 ? request.stamps().firstTokenNanos() : null,
        ok && input != null ? Long.valueOf(input) : null,
        ok && output.isPresent() ? Long.valueOf(output.getAsLong()) : null,
        ok ? request.usage().source() : null,
        ok ? null : reason(request));
  }

  /** Which batch a request belongs to, unique within its test; {@code null} for a single one. */
  public static @Nullable String wave(RequestRecord request) {
    return request.tags().containsKey(Tags.BATCH) ? request.tags().get(Tags.WAVE) : null;
  }

  private static int batchSize(RequestRecord request) {
    String size = wave(request) == null ? null : request.tags().get(Tags.BATCH);
    return size != null && size.matches("[1-9]\\d{0,8}") ? Integer.parseInt(size) : 1;
  }

  private static String reason(RequestRecord request) {
    String message = request.message();
    if (message != null) {
      return message;
    }
    return request.outcome() == Outcome.INCOMPLETE
        ? "incomplete when the run ended"
        : request.outcome().name();
  }

  /** This call and another part of the same batch. */
  public TokenSpeedCall with(TokenSpeedCall other) {
    boolean earlier = sentNanos <= other.sentNanos;
    TokenSpeedCall first = earlier ? this : other;
    TokenSpeedCall second = earlier ? other : this;
    return new TokenSpeedCall(
        test,
        endpoint,
        model,
        prompt,
        streamed,
        batched,
        plannedCount,
        requestCount + other.requestCount,
        okCount + other.okCount,
        first.sentNanos,
        Math.max(endedNanos, other.endedNanos),
        null,
        sum(inputTokenCount, okCount, other.inputTokenCount, other.okCount),
        sum(outputTokenCount, okCount, other.outputTokenCount, other.okCount),
        source == null ? other.source : source,
        first.error == null ? second.error : first.error);
  }

  /** A part without an OK request adds nothing; one whose tokens are not known spoils the sum. */
  private static @Nullable Long sum(@Nullable Long a, int okA, @Nullable Long b, int okB) {
    if (okA == 0) {
      return b;
    }
    if (okB == 0) {
      return a;
    }
    return a == null || b == null ? null : Long.valueOf(a + b);
  }

  /** Why it is not OK; {@code null} if it is. */
  public @Nullable String problem() {
    if (error != null || isOk()) {
      return error;
    }
    return "only " + requestCount + " of " + plannedCount + " requests were sent";
  }

  /** Whether every request succeeded, and for a batch whether all of them were sent. */
  public boolean isOk() {
    return okCount == requestCount && requestCount == plannedCount;
  }

  /** The time of the whole call; empty without an OK request. */
  public OptionalDouble seconds() {
    return okCount > 0 && endedNanos > sentNanos
        ? OptionalDouble.of((endedNanos - sentNanos) / NANOS_PER_SECOND)
        : OptionalDouble.empty();
  }

  /** Input and output tokens; empty if either is not known. */
  public OptionalLong totalTokens() {
    return inputTokenCount == null || outputTokenCount == null
        ? OptionalLong.empty()
        : OptionalLong.of(inputTokenCount + outputTokenCount);
  }

  /** Output tokens; empty if not known. */
  public OptionalLong outputTokens() {
    return outputTokenCount == null ? OptionalLong.empty() : OptionalLong.of(outputTokenCount);
  }

  /** Input and output tokens ÷ seconds. */
  public OptionalDouble tokensPerSecond() {
    return perSecond(totalTokens());
  }

  /** Output tokens ÷ seconds. */
  public OptionalDouble outputTokensPerSecond() {
    return perSecond(outputTokens());
  }

  /** Time ÷ (input and output tokens), in milliseconds: PyAgent's latency per token. */
  public OptionalDouble millisPerToken() {
    return millisPer(totalTokens());
  }

  /** Time ÷ output tokens, in milliseconds. */
  public OptionalDouble millisPerOutputToken() {
    return millisPer(outputTokens());
  }

  private OptionalDouble perSecond(OptionalLong tokens) {
    OptionalDouble seconds = seconds();
    return tokens.isPresent() && seconds.isPresent()
        ? OptionalDouble.of(tokens.getAsLong() / seconds.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble millisPer(OptionalLong tokens) {
    OptionalDouble seconds = seconds();
    return tokens.isPresent() && tokens.getAsLong() > 0 && seconds.isPresent()
        ? OptionalDouble.of(seconds.getAsDouble() * MILLIS_PER_SECOND / tokens.getAsLong())
        : OptionalDouble.empty();
  }
}
