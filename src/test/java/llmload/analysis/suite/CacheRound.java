package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.List;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/** What the OK requests of one round with a session's cache took, in milliseconds. */
final class CacheRound {
  private static final double MILLI = 1e6;

  /** One answer; each number {@code null} where it was not measured. */
  record Answer(
      @Nullable Double firstTokenMillis,
      double endMillis,
      @Nullable Double tailMillis,
      @Nullable Integer inputTokens,
      @Nullable Integer outputTokens,
      @Nullable Integer cachedTokens) {

    static Answer of(RequestRecord request) {
      Long first = request.stamps().firstTokenNanos();
      Long last = request.stamps().lastTokenNanos();
      Long terminator = request.stamps().terminatorNanos();
      return new Answer(
          first == null ? null : first / MILLI,
          request.stamps().endNanos() / MILLI,
          last == null || terminator == null ? null : (terminator - last) / MILLI,
          request.usage().inputTokens(),
          request.usage().outputTokens(),
          request.usage().cachedTokens());
    }

    boolean nothingCached() {
      return cachedTokens != null && cachedTokens == 0;
    }
  }

  @Nullable Answer cold;
  @Nullable Answer hot;
  @Nullable Answer warm;
  @Nullable Double saveMillis;
  @Nullable Double loadMillis;
  final List<Double> unloadMillis = new ArrayList<>(2);
  boolean deleted;

  /** Takes one OK request of the round. */
  void accept(String step, RequestRecord request) {
    double endMillis = request.stamps().endNanos() / MILLI;
    switch (step) {
      case "cold" -> cold = Answer.of(request);
      case "hot" -> hot = Answer.of(request);
      case "warm" -> warm = Answer.of(request);
      case "save" -> saveMillis = endMillis;
      case "load" -> loadMillis = endMillis;
      case "unload" -> unloadMillis.add(endMillis);
      case "delete" -> deleted = true;
      default -> {
        // No other step tells of a cache.
      }
    }
  }
}
