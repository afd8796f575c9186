package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.Distribution;
import llmload.metrics.PairedDifference;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.Interval;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/** The pairs of one case: both halves of each, and their differences. */
final class PairedHalves {
  private static final int STRUCTURED = 0;
  private static final int UNSTRUCTURED = 1;

  private final Map<String, @Nullable Half[]> pairs = new HashMap<>();

  /** One half of a pair. */
  private record Half(boolean ok, @Nullable Double latencyMillis, @Nullable Integer outputTokens) {}

  /** A number of both halves that can be subtracted. */
  private interface Figure {
    @Nullable Double of(Half half);
  }

  /** Takes a half. */
  void accept(String pair, boolean structured, RequestRecord request) {
    @Nullable Half[] halves = pairs.computeIfAbsent(pair, id -> new @Nullable Half[2]);
    OptionalDouble e2e = RequestMetrics.sample(CoreMetric.E2E, request);
    boolean ok = request.outcome().isOk();
    halves[structured ? STRUCTURED : UNSTRUCTURED] =
        new Half(
            ok,
            ok && e2e.isPresent() ? Double.valueOf(e2e.getAsDouble()) : null,
            ok ? request.usage().outputTokens() : null);
  }

  /** The row of the table: counts, then mean and 95 % interval of each difference. */
  List<@Nullable Object> row(String name) {
    Distribution latency = differences(half -> half.latencyMillis(), "ms");
    Distribution tokens =
        differences(
            half -> half.outputTokens() == null ? null : half.outputTokens().doubleValue(), "tok");
    PairedDifference.Shares errors = errors();
    List<@Nullable Object> row = new ArrayList<>();
    row.add(name);
    row.add(errors.pairCount());
    row.add(latency.count());
    addMean(row, latency, "ms");
    row.add(tokens.count());
    addMean(row, tokens, "tok");
    row.add(errors.pairCount() == 0 ? null : Double.valueOf(errors.differenceRatio()));
    addInterval(row, errors.interval());
    return row;
  }

  /** The interval of the mean difference of latency; {@code null} below two pairs. */
  @Nullable Interval latencyInterval() {
    return PairedDifference.ofMean(differences(half -> half.latencyMillis(), "ms"), "ms");
  }

  private static void addMean(List<@Nullable Object> row, Distribution differences, String unit) {
    OptionalDouble mean = differences.mean();
    row.add(mean.isPresent() ? Double.valueOf(mean.getAsDouble()) : null);
    addInterval(row, PairedDifference.ofMean(differences, unit));
  }

  private static void addInterval(List<@Nullable Object> row, @Nullable Interval interval) {
    row.add(interval == null ? null : Double.valueOf(interval.low()));
    row.add(interval == null ? null : Double.valueOf(interval.high()));
  }

  /** Structured − unstructured, over the pairs in which both halves have the number. */
  private Distribution differences(Figure figure, String unit) {
    Distribution differences = new Distribution(unit);
    for (@Nullable Half[] halves : pairs.values()) {
      Half structured = halves[STRUCTURED];
      Half unstructured = halves[UNSTRUCTURED];
      if (structured != null && unstructured != null) {
        Double with = figure.of(structured);
        Double without = figure.of(unstructured);
        if (with != null && without != null) {
          differences.add(with - without);
        }
      }
    }
    return differences;
  }

  private PairedDifference.Shares errors() {
    long[] counts = new long[4];
    for (@Nullable Half[] halves : pairs.values()) {
      Half structured = halves[STRUCTURED];
      Half unstructured = halves[UNSTRUCTURED];
      if (structured != null && unstructured != null) {
        counts[(structured.ok() ? 2 : 0) + (unstructured.ok() ? 1 : 0)]++;
      }
    }
    return new PairedDifference.Shares(counts[0], counts[1], counts[2], counts[3]);
  }
}
