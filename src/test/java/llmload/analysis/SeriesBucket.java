package llmload.analysis;

import llmload.metrics.Percentiles;
import llmload.model.SeriesPoint;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/** What happened in one interval. Histograms of two digits: a chart shows no more. */
final class SeriesBucket {
  private static final int DIGITS = 2;
  private static final double MICROS_PER_MILLI = 1e3;

  long startedCount;
  long endedCount;
  long okCount;
  long failedCount;
  long outputTokenCount;
  private @Nullable Histogram ttftMicros;
  private @Nullable Histogram itlMicros;
  private @Nullable Histogram e2eMicros;

  void addTtft(long micros) {
    if (ttftMicros == null) {
      ttftMicros = new Histogram(DIGITS);
    }
    ttftMicros.recordValue(Math.max(0, micros));
  }

  void addE2e(long micros) {
    if (e2eMicros == null) {
      e2eMicros = new Histogram(DIGITS);
    }
    e2eMicros.recordValue(Math.max(0, micros));
  }

  void addItl(long micros, long weight) {
    if (itlMicros == null) {
      itlMicros = new Histogram(DIGITS);
    }
    itlMicros.recordValueWithCount(Math.max(0, micros), weight);
  }

  void add(SeriesBucket other) {
    startedCount += other.startedCount;
    endedCount += other.endedCount;
    okCount += other.okCount;
    failedCount += other.failedCount;
    outputTokenCount += other.outputTokenCount;
    ttftMicros = join(ttftMicros, other.ttftMicros);
    itlMicros = join(itlMicros, other.itlMicros);
    e2eMicros = join(e2eMicros, other.e2eMicros);
  }

  SeriesPoint point(double startSeconds, double endSeconds, long activeCount) {
    return new SeriesPoint(
        startSeconds,
        endSeconds - startSeconds,
        startedCount,
        okCount,
        failedCount,
        activeCount,
        outputTokenCount,
        millis(ttftMicros, 50),
        millis(ttftMicros, 99),
        millis(itlMicros, 50),
        millis(itlMicros, 99),
        millis(e2eMicros, 50),
        millis(e2eMicros, 99));
  }

  private static @Nullable Histogram join(@Nullable Histogram a, @Nullable Histogram b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    Histogram both = a.copy();
    both.setAutoResize(true);
    both.add(b);
    return both;
  }

  private static @Nullable Double millis(@Nullable Histogram micros, double percent) {
    if (micros == null) {
      return null;
    }
    long rank = Percentiles.rank(percent, micros.getTotalCount());
    for (HistogramIterationValue at : micros.recordedValues()) {
      if (at.getTotalCountToThisValue() >= rank) {
        return micros.medianEquivalentValue(at.getValueIteratedTo()) / MICROS_PER_MILLI;
      }
    }
    return null;
  }
}
