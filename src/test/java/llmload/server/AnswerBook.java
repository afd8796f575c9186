package llmload.server;

import java.util.Map;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import llmload.server.engine.TokenSink.Part;
import llmload.server.metrics.EngineMetrics;
import llmload.server.metrics.RequestFigures;
import org.jspecify.annotations.Nullable;

/**
 * Takes down one answer, for the metrics and for the truth log.
 *
 * <p>Any thread: a client may go while the engine hands out a token.
 */
final class AnswerBook {
  private static final String ABORT = "abort";
  private static final String ERROR = "error";

  private final String id;
  private final GenerationRequest.Kind kind;
  private final boolean stream;
  private final int promptTokenCount;
  private final EngineMetrics metrics;
  private final @Nullable TruthLog truth;
  private final AnswerTimeline timeline;
  private Runnable whenOver = () -> {};
  private int generatedCount;
  private int unsentCount;
  private long byteCount;

  /**
   * @param id the client's own name for the request, or the answer's id
   * @param truth {@code null} if no truth log is kept
   */
  AnswerBook(
      String id,
      GenerationRequest request,
      int promptTokenCount,
      long arrivedNanos,
      EngineMetrics metrics,
      @Nullable TruthLog truth) {
    this.id = id;
    this.kind = request.kind();
    this.stream = request.streaming().stream();
    this.promptTokenCount = promptTokenCount;
    this.metrics = metrics;
    this.truth = truth;
    timeline = new AnswerTimeline(arrivedNanos, truth != null && stream);
    if (truth != null) {
      truth.started();
    }
  }

  /** Sets what follows when the answer is over. */
  void whenOver(Runnable action) {
    whenOver = action;
  }

  /** The generation left the queue. */
  synchronized void begun(long atNanos) {
    timeline.begun(atNanos);
  }

  /** The response's head is about to be sent. */
  synchronized void head(long atNanos) {
    timeline.head(atNanos);
  }

  /** The event with the role is about to be sent. */
  synchronized void role(long atNanos) {
    timeline.role(atNanos);
  }

  /** Tokens were generated; whether they have a text or not, {@link #sent} tells. */
  synchronized void generated(int tokenCount) {
    if (generatedCount == 0) {
      metrics.prompt(promptTokenCount);
    }
    metrics.generated(tokenCount);
    generatedCount += tokenCount;
    unsentCount += tokenCount;
  }

  /** The text of all tokens that were generated since the last time is about to be sent. */
  synchronized void sent(Part part, long atNanos) {
    int tokenCount = Math.max(1, unsentCount);
    Long before = timeline.lastTokenNanos();
    if (before == null) {
      metrics.firstToken(atNanos - timeline.arrivedNanos());
    } else {
      metrics.tokens(atNanos - before, tokenCount);
    }
    timeline.chunk(part, atNanos, tokenCount);
    unsentCount = 0;
  }

  /** The stream's end mark is about to be sent. */
  synchronized void terminator(long atNanos) {
    timeline.terminator(atNanos);
  }

  /** Bytes of the body. */
  synchronized void bytes(int more) {
    byteCount += more;
  }

  /** The answer is complete. */
  synchronized void ended(String reason, Usage usage) {
    // A limit inside a character leaves tokens generated that were never handed out.
    int missing = usage.completionTokenCount() - generatedCount;
    if (missing > 0) {
      generated(missing);
    }
    over(reason, reason, usage, 200, Outcome.OK, null);
  }

  /** The engine failed. */
  synchronized void failed(ApiException fault, Usage usage) {
    over(ERROR, null, usage, fault.status(), Outcome.HTTP_5XX, fault.text());
  }

  /** The client has gone. */
  synchronized void aborted() {
    Usage usage = new Usage(promptTokenCount, generatedCount);
    over(ABORT, null, usage, null, Outcome.INCOMPLETE, "the client has gone");
  }

  private void over(
      String counted,
      @Nullable String reason,
      Usage usage,
      @Nullable Integer status,
      Outcome outcome,
      @Nullable String message) {
    long now = System.nanoTime();
    metrics.ended(
        new RequestFigures(
            counted,
            promptTokenCount,
            usage.completionTokenCount(),
            timeline.arrivedNanos(),
            timeline.begunNanos(),
            timeline.firstTokenNanos(),
            timeline.lastTokenNanos(),
            now));
    if (truth != null) {
      truth.append(record(now, reason, usage, status, outcome, message));
    }
    whenOver.run();
  }

  private RequestRecord record(
      long endedNanos,
      @Nullable String reason,
      Usage usage,
      @Nullable Integer status,
      Outcome outcome,
      @Nullable String message) {
    RequestKind shown =
        kind == GenerationRequest.Kind.CHAT ? RequestKind.CHAT : RequestKind.COMPLETION;
    return new RequestRecord(
        id,
        "server",
        shown.id(),
        0,
        0,
        Phase.MEASURE,
        null,
        timeline.arrivedNanos(),
        timeline.stamps(endedNanos),
        timeline.chunks(),
        status,
        outcome,
        message,
        reason,
        new TokenUsage(
            usage.promptTokenCount(),
            usage.completionTokenCount(),
            usage.cachedTokenCount(),
            usage.reasoningTokenCount(),
            TokenCountSource.USAGE),
        null,
        byteCount,
        "1.1",
        null,
        stream
            ? Map.of(Tags.KIND, shown.id())
            : Map.of(Tags.KIND, shown.id(), Tags.STREAM, "false"));
  }
}
