package llmload.metrics.timeline;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one number, in order of time.
 *
 * <p>Between two samples a number is taken to run straight. Nothing is taken of the time before the
 * first and after the last one. Not safe for use by several threads.
 */
public final class Timeline {
  private static final int FIRST_ROOM = 16;
  private static final double NANOS_PER_SECOND = 1e9;

  private long[] atNanos = new long[FIRST_ROOM];
  private double[] values = new double[FIRST_ROOM];
  private int size;

  /** Negative until it is asked for. */
  private long paceNanos = -1;

  /** Takes a sample. One of a moment that is known replaces it; late ones find their place. */
  public void add(long sampledNanos, double value) {
    int place = size;
    while (place > 0 && atNanos[place - 1] > sampledNanos) {
      place--;
    }
    if (place > 0 && atNanos[place - 1] == sampledNanos) {
      values[place - 1] = value;
      return;
    }
    if (size == values.length) {
      atNanos = Arrays.copyOf(atNanos, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    paceNanos = -1;
    System.arraycopy(atNanos, place, atNanos, place + 1, size - place);
    System.arraycopy(values, place, values, place + 1, size - place);
    atNanos[place] = sampledNanos;
    values[place] = value;
    size++;
  }

  /** The number of samples. */
  public int size() {
    return size;
  }

  /**
   * The moments at which a number that cannot stand still was seen anew: what is told at any other
   * moment is the look before, told again. A first value that repeats is left out, since nobody
   * knows how old it was when it was first seen.
   */
  public long[] movedAtNanos() {
    return IntStream.range(0, size)
        .filter(i -> i == 0 ? size == 1 || values[1] != values[0] : values[i] != values[i - 1])
        .mapToLong(i -> atNanos[i])
        .toArray();
  }

  /**
   * The samples of all moments but some.
   *
   * @param momentsNanos in ascending order
   */
  public Timeline without(long[] momentsNanos) {
    Timeline rest = new Timeline();
    for (int i = 0; i < size; i++) {
      if (Arrays.binarySearch(momentsNanos, atNanos[i]) < 0) {
        rest.add(atNanos[i], values[i]);
      }
    }
    return rest;
  }

  /** The moments of all samples. */
  LongStream moments() {
    return Arrays.stream(atNanos, 0, size);
  }

  /**
   * The samples of some moments alone.
   *
   * @param momentsNanos in ascending order
   */
  public Timeline only(long[] momentsNanos) {
    Timeline only = new Timeline();
    for (int i = 0; i < size; i++) {
      if (Arrays.binarySearch(momentsNanos, atNanos[i]) >= 0) {
        only.add(atNanos[i], values[i]);
      }
    }
    return only;
  }

  /** The same in another unit. */
  public Timeline times(double factor) {
    Timeline scaled = new Timeline();
    for (int i = 0; i < size; i++) {
      scaled.add(atNanos[i], values[i] * factor);
    }
    return scaled;
  }

  /**
   * Several gauges as one: their sum at each moment at which one of them was read and all others
   * are known.
   *
   * @param mostGapNanos samples of one gauge further apart say nothing of the time between them
   */
  public static Timeline sum(List<Timeline> parts, ToLongFunction<Timeline> mostGapNanos) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    long[] moments = parts.stream().flatMapToLong(Timeline::moments).sorted().distinct().toArray();
    double[] sums = new double[moments.length];
    for (Timeline part : parts) {
      part.addTo(moments, sums, mostGapNanos.applyAsLong(part));
    }
    Timeline sum = new Timeline();
    for (int i = 0; i < moments.length; i++) {
      if (!Double.isNaN(sums[i])) {
        sum.add(moments[i], sums[i]);
      }
    }
    return sum;
  }

  /** The greatest of several at each moment at which one of them was read. */
  public static Timeline greatest(List<Timeline> parts) {
    Timeline greatest = new Timeline();
    TreeMap<Long, Double> byMoment = new TreeMap<>();
    for (Timeline part : parts) {
      for (int i = 0; i < part.size; i++) {
        byMoment.merge(part.atNanos[i], part.values[i], Math::max);
      }
    }
    byMoment.forEach(greatest::add);
    return greatest;
  }

  /** What is not known of a moment makes its sum no number. */
  private void addTo(long[] moments, double[] sums, long mostGapNanos) {
    int i = -1;
    for (int m = 0; m < moments.length; m++) {
      while (i + 1 < size && atNanos[i + 1] <= moments[m]) {
        i++;
      }
      boolean read = i >= 0 && atNanos[i] == moments[m];
      boolean between = i >= 0 && i + 1 < size && atNanos[i + 1] - atNanos[i] <= mostGapNanos;
      sums[m] += read ? values[i] : between ? between(i, moments[m]) : Double.NaN;
    }
  }

  /** The pace at which values come: the median time between two; 0 with fewer than two. */
  public long paceNanos() {
    if (paceNanos < 0) {
      long[] steps = new long[Math.max(0, size - 1)];
      for (int i = 0; i < steps.length; i++) {
        steps[i] = atNanos[i + 1] - atNanos[i];
      }
      Arrays.sort(steps);
      paceNanos = steps.length == 0 ? 0 : steps[(steps.length - 1) / 2];
    }
    return paceNanos;
  }

  /**
   * The growth of a counter, by straight lines at both edges. A fall is a start from 0: what it
   * reached before and what it reached since are added up.
   *
   * <p>A gap within the span costs nothing, since the samples at its ends tell all of it. One over
   * an edge that is wider than {@code mostGapNanos} does: nobody knows on which side of the edge
   * the growth lies, so that the part within the span is not covered.
   *
   * @return {@code null} if no time of the span is covered
   */
  public @Nullable Growth growth(Span span, long mostGapNanos) {
    double sum = 0;
    double edge = 0;
    long coveredNanos = 0;
    int resets = 0;
    for (int i = firstPair(span); i + 1 < size && atNanos[i] < span.toNanos(); i++) {
      long from = atNanos[i];
      long to = atNanos[i + 1];
      long overlap = span.overlapNanos(from, to);
      boolean inside = span.contains(from) && span.contains(to);
      if (overlap == 0 || (!inside && to - from > mostGapNanos)) {
        continue;
      }
      boolean fell = values[i + 1] < values[i];
      resets += fell ? 1 : 0;
      double grown = fell ? values[i + 1] : values[i + 1] - values[i];
      double within = (double) overlap / (to - from);
      sum += grown * within;
      edge += within < 1 ? grown * Math.max(within, 1 - within) : 0;
      coveredNanos += overlap;
    }
    return coveredNanos == 0 ? null : new Growth("", sum, edge, resets, share(coveredNanos, span));
  }

  /**
   * The growth from the last sample before the span, or its first, to the first one after it, or
   * its last: all of what a short span did, and up to one interval of what came before and after.
   *
   * @return {@code null} without a sample
   */
  public @Nullable Growth growthAround(Span span) {
    int first = firstAround(span);
    int end = endAround(span);
    if (first >= end) {
      return null;
    }
    double sum = 0;
    int resets = 0;
    for (int i = first + 1; i < end; i++) {
      boolean fell = values[i] < values[i - 1];
      resets += fell ? 1 : 0;
      sum += fell ? values[i] : values[i] - values[i - 1];
    }
    return new Growth("", sum, 0, resets, 1);
  }

  /** The samples of the span, and the nearest on each side of it. */
  public double[] valuesAround(Span span) {
    int first = firstAround(span);
    return Arrays.copyOfRange(values, first, Math.max(first, endAround(span)));
  }

  /**
   * How a gauge stood. Two samples further apart than {@code mostGapNanos} cover no time between
   * them.
   *
   * @return {@code null} if the span holds no sample and no covered time
   */
  public @Nullable Level level(Span span, long mostGapNanos) {
    double integral = 0;
    long coveredNanos = 0;
    Extremes samples = new Extremes();
    Extremes all = new Extremes();
    int begin = firstPair(span);
    for (int i = begin; i < size && atNanos[i] <= span.toNanos(); i++) {
      if (span.contains(atNanos[i])) {
        samples.add(values[i]);
        all.add(values[i]);
      }
      long overlap = i + 1 < size ? span.overlapNanos(atNanos[i], atNanos[i + 1]) : 0;
      if (overlap > 0 && atNanos[i + 1] - atNanos[i] <= mostGapNanos) {
        double from = between(i, Math.max(atNanos[i], span.fromNanos()));
        double to = between(i, Math.min(atNanos[i + 1], span.toNanos()));
        integral += (from + to) / 2 * overlap / NANOS_PER_SECOND;
        coveredNanos += overlap;
        all.add(from);
        all.add(to);
      }
    }
    if (all.count == 0) {
      return null;
    }
    double mean =
        coveredNanos == 0
            ? samples.sum / samples.count
            : integral / (coveredNanos / NANOS_PER_SECOND);
    return new Level(
        "", mean, all.min, all.max, integral, samples.count, share(coveredNanos, span));
  }

  /**
   * The greatest value of a gauge that tells of the time since the sample before, over all that
   * tell of any time of the span; {@code null} if there is none.
   */
  public @Nullable Double greatestSince(Span span) {
    Double greatest = null;
    for (int i = 0; i < size; i++) {
      boolean tells = atNanos[i] >= span.fromNanos() && (i == 0 || atNanos[i - 1] < span.toNanos());
      if (tells && (greatest == null || values[i] > greatest)) {
        greatest = values[i];
      }
    }
    return greatest;
  }

  /** The last value at or before a moment; {@code null} if there is none. */
  public @Nullable Double lastUntil(long untilNanos) {
    int at = firstWhere(i -> atNanos[(int) i] > untilNanos) - 1;
    return at < 0 ? null : Double.valueOf(values[at]);
  }

  /** Whether a sample is less than the one before, the later of which lies in the span. */
  public boolean fallsIn(Span span) {
    for (int i = 1; i < size; i++) {
      if (span.contains(atNanos[i]) && values[i] < values[i - 1]) {
        return true;
      }
    }
    return false;
  }

  /** Whether two neighbouring samples differ, the later of which lies in the span. */
  public boolean changesIn(Span span) {
    for (int i = 1; i < size; i++) {
      if (span.contains(atNanos[i]) && values[i] != values[i - 1]) {
        return true;
      }
    }
    return false;
  }

  /** The straight line from sample {@code i} to the next one, at a moment between them. */
  private double between(int i, long moment) {
    double share = (double) (moment - atNanos[i]) / (atNanos[i + 1] - atNanos[i]);
    return values[i] + (values[i + 1] - values[i]) * share;
  }

  /** A span without length is covered where it is within two samples. */
  private static double share(long coveredNanos, Span span) {
    long length = span.toNanos() - span.fromNanos();
    return length == 0 ? 0 : (double) coveredNanos / length;
  }

  /** The last sample at or before the span's start; else the first of all. */
  private int firstPair(Span span) {
    return Math.max(0, firstWhere(i -> atNanos[(int) i] > span.fromNanos()) - 1);
  }

  /** None where all samples are of the time before. */
  private int firstAround(Span span) {
    return size > 0 && atNanos[size - 1] < span.fromNanos() ? size : firstPair(span);
  }

  /** Behind the first sample at or after the span's end; else behind the last of all. */
  private int endAround(Span span) {
    return Math.min(size, firstWhere(i -> atNanos[(int) i] >= span.toNanos()) + 1);
  }

  private int firstWhere(LongPredicate later) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (later.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static final class Extremes {
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private int count;

    private void add(double value) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      count++;
    }
  }
}
