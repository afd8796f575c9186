package llmload.analysis;

import java.util.ArrayList;
import java.util.List;
import llmload.metrics.RequestMetrics;
import llmload.model.ChunkTimeline;
import llmload.model.CoreMetric;
import llmload.model.RequestRecord;
import llmload.model.SeriesPoint;

/**
 * Counts what happened in each interval of the run.
 *
 * <p>Intervals are one second wide from the run's anchor; whenever more than {@link #MAX_POINTS}
 * would be needed, neighbours are joined and the width doubles. The points are cut to the window
 * from the first measured request's start to the last one's end; a first or last interval of which
 * less than half lies within it is joined to its neighbour, so that no rate is read off a sliver.
 */
final class SeriesCollector {
  /** The most points of a series. */
  static final int MAX_POINTS = 600;

  private static final long FIRST_WIDTH_NANOS = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS_PER_MILLI = 1e3;

  private final SeriesBucket[] buckets = new SeriesBucket[MAX_POINTS];
  private final Window window = new Window();
  private long widthNanos = FIRST_WIDTH_NANOS;

  SeriesCollector() {
    clear(0);
  }

  /** Takes a measured request of any outcome. */
  void add(RequestRecord measured) {
    long sent = measured.sentNanos();
    window.include(sent, measured.endedNanos());
    SeriesBucket start = at(sent);
    start.startedCount++;
    SeriesBucket end = at(measured.endedNanos());
    start = at(sent);
    end.endedCount++;
    if (measured.outcome().isOk()) {
      end.okCount++;
      addTokens(measured, start);
    } else if (measured.outcome().isFailed()) {
      end.failedCount++;
    }
  }

  private void addTokens(RequestRecord ok, SeriesBucket start) {
    Long firstToken = ok.stamps().firstTokenNanos();
    boolean streamed = RequestMetrics.isStreamed(ok);
    if (streamed && firstToken != null) {
      start.addTtft(firstToken / NANOS_PER_MICRO);
    }
    SeriesBucket sentIn = start;
    RequestMetrics.forEachSample(
        CoreMetric.E2E,
        ok,
        (millis, weight) -> sentIn.addE2e(Math.round(millis * MICROS_PER_MILLI)));
    ChunkTimeline chunks = ok.chunks();
    if (chunks.size() == 0) {
      Long last = streamed ? ok.stamps().lastTokenNanos() : null;
      SeriesBucket arrival = at(last == null ? ok.endedNanos() : ok.sentNanos() + last);
      arrival.outputTokenCount += RequestMetrics.outputTokens(ok).orElse(0);
      return;
    }
    addChunks(ok, chunks);
  }

  private void addChunks(RequestRecord ok, ChunkTimeline chunks) {
    int[] gaps = chunks.gapMicros();
    int[] tokens = chunks.tokens();
    // Gaps are rounded to microseconds: their sum may pass the end by a part of one.
    long latestNanos = ok.endedNanos();
    long summedNanos = ok.sentNanos();
    long bucketEndNanos = Long.MIN_VALUE;
    SeriesBucket bucket = buckets[0];
    long waited = 0;
    for (int i = 0; i < gaps.length; i++) {
      summedNanos += gaps[i] * NANOS_PER_MICRO;
      long arrivedNanos = Math.min(summedNanos, latestNanos);
      if (arrivedNanos >= bucketEndNanos) {
        bucket = at(arrivedNanos);
        bucketEndNanos = (indexOf(arrivedNanos) + 1) * widthNanos;
      }
      bucket.outputTokenCount += tokens[i];
      if (i > 0) {
        waited += gaps[i];
        if (tokens[i] > 0) {
          bucket.addItl(waited / tokens[i], tokens[i]);
          waited = 0;
        }
      }
    }
  }

  /** The points of the measured window, in order of time; none if nothing was measured. */
  List<SeriesPoint> points() {
    if (window.isEmpty()) {
      return List.of();
    }
    List<Span> spans = spans();
    List<SeriesPoint> points = new ArrayList<>(spans.size());
    long active = 0;
    for (Span span : spans) {
      active += span.bucket.startedCount - span.bucket.endedCount;
      points.add(span.bucket.point(seconds(span.startNanos), seconds(span.endNanos), active));
    }
    return List.copyOf(points);
  }

  private double seconds(long atNanos) {
    return (atNanos - window.startNanos()) / NANOS_PER_SECOND;
  }

  private List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (long i = indexOf(window.startNanos()); i <= indexOf(window.endNanos()); i++) {
      long from = Math.max(i * widthNanos, window.startNanos());
      long to = Math.min((i + 1) * widthNanos, window.endNanos());
      spans.add(new Span(from, to, buckets[(int) i]));
    }
    if (spans.size() > 1 && spans.get(0).isShorterThan(widthNanos / 2)) {
      spans.set(0, spans.get(0).join(spans.remove(1)));
    }
    int last = spans.size() - 1;
    if (last > 0 && spans.get(last).isShorterThan(widthNanos / 2)) {
      Span sliver = spans.remove(last);
      spans.set(last - 1, spans.get(last - 1).join(sliver));
    }
    return spans;
  }

  /** The interval that holds {@code atNanos}, after as many doublings as that takes. */
  private SeriesBucket at(long atNanos) {
    while (indexOf(atNanos) >= MAX_POINTS) {
      for (int i = 0; i < MAX_POINTS; i += 2) {
        buckets[i].add(buckets[i + 1]);
        buckets[i / 2] = buckets[i];
      }
      clear(MAX_POINTS / 2);
      widthNanos *= 2;
    }
    return buckets[(int) indexOf(atNanos)];
  }

  private void clear(int from) {
    for (int i = from; i < MAX_POINTS; i++) {
      buckets[i] = new SeriesBucket();
    }
  }

  private long indexOf(long atNanos) {
    return Math.max(0, atNanos) / widthNanos;
  }

  private record Span(long startNanos, long endNanos, SeriesBucket bucket) {
    boolean isShorterThan(long nanos) {
      return endNanos - startNanos < nanos;
    }

    Span join(Span next) {
      SeriesBucket both = new SeriesBucket();
      both.add(bucket);
      both.add(next.bucket);
      return new Span(startNanos, next.endNanos, both);
    }
  }
}
