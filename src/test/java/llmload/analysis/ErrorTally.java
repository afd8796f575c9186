package llmload.analysis;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.ErrorExample;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Groups failures by request, outcome, status and message.
 *
 * <p>At most {@link #KINDS_KEPT} kinds are told apart by message; a server that words every failure
 * differently has the rest gathered without one.
 */
final class ErrorTally {
  /** The most kinds that a report shows. */
  static final int KINDS_SHOWN = 100;

  private static final int KINDS_KEPT = 2_000;

  private final Map<Kind, Long> counts = new LinkedHashMap<>();

  void add(RequestRecord failed) {
    Kind kind = new Kind(failed.request(), failed.outcome(), failed.status(), failed.message());
    if (counts.size() >= KINDS_KEPT && !counts.containsKey(kind)) {
      kind = new Kind(failed.request(), failed.outcome(), failed.status(), null);
    }
    counts.merge(kind, 1L, Long::sum);
  }

  /** The kinds, most frequent first, then in the order they were first seen. */
  List<ErrorExample> examples() {
    return counts.entrySet().stream()
        .sorted(Comparator.comparingLong((Map.Entry<Kind, Long> e) -> e.getValue()).reversed())
        .limit(KINDS_SHOWN)
        .map(
            e -> {
              Kind kind = e.getKey();
              return new ErrorExample(
                  kind.request, kind.outcome, kind.status, kind.message, e.getValue());
            })
        .toList();
  }

  private record Kind(
      String request, Outcome outcome, @Nullable Integer status, @Nullable String message) {}
}
