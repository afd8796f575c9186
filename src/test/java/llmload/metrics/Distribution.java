package llmload.metrics;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import llmload.metrics.Percentiles.RankInterval;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * Collects the samples of one metric and sums them up.
 *
 * <p>Up to {@link #EXACT_LIMIT} values are kept as they are; with more, all are folded into an
 * HdrHistogram of three digits, no finer than 1 µs. Count, extremes, mean and standard deviation
 * are exact either way. What is collected in parts and merged equals what is collected at once. Not
 * safe for use by several threads.
 */
public final class Distribution implements SampleConsumer {
  /** The most values that are kept one by one. */
  public static final int EXACT_LIMIT = 100_000;

  private static final List<Statistic> STANDARD =
      List.of(
          new Statistic("p50"),
          new Statistic("p90"),
          new Statistic("p95"),
          new Statistic("p99"),
          new Statistic("p99.9"));
  private static final List<Statistic> WITH_INTERVAL =
      List.of(new Statistic("p50"), new Statistic("p95"), new Statistic("p99"));
  private static final Comparator<Statistic> BY_PERCENT =
      Comparator.comparingDouble((Statistic s) -> s.percent().orElseThrow())
          .thenComparing(Statistic::name);

  private final String unit;
  private final int exactLimit;
  private final Moments moments = new Moments();
  private @Nullable ExactSamples exact = new ExactSamples();
  private @Nullable FoldedSamples folded;

  /** A distribution of values in {@code unit}, a {@link llmload.model.CoreMetric#unit()}. */
  public Distribution(String unit) {
    this(unit, EXACT_LIMIT);
  }

  /** A distribution that keeps up to {@code exactLimit} values one by one. */
  public Distribution(String unit, int exactLimit) {
    this.unit = unit;
    this.exactLimit = exactLimit;
  }

  /**
   * Adds one sample.
   *
   * @throws IllegalArgumentException if it is not a finite number
   */
  public void add(double value) {
    accept(value, 1);
  }

  @Override
  public void accept(double value, long weight) {
    if (!Double.isFinite(value) || weight < 1) {
      throw new IllegalArgumentException(
          "sample: Expecting a finite number that counts at least once. Found: "
              + value
              + ", "
              + weight
              + " times.");
    }
    moments.add(value, weight);
    if (folded != null) {
      folded.add(value, weight);
      return;
    }
    ExactSamples kept = kept();
    kept.add(value, weight);
    if (kept.size() > exactLimit) {
      fold(kept);
    }
  }

  /** Adds all samples of {@code other}, which must be of the same unit. */
  public void merge(Distribution other) {
    if (!unit.equals(other.unit)) {
      throw new IllegalArgumentException(
          "unit: Expecting " + unit + ". Found: " + other.unit + ".");
    }
    moments.merge(other.moments);
    if (other.folded != null) {
      FoldedSamples target = folded == null ? fold(kept()) : folded;
      target.merge(other.folded);
    } else if (folded != null) {
      other.kept().forEach(folded::add);
    } else {
      ExactSamples kept = kept();
      other.kept().forEach(kept::add);
      if (kept.size() > exactLimit) {
        fold(kept);
      }
    }
  }

  /** The unit of every sample. */
  public String unit() {
    return unit;
  }

  /** The number of samples. */
  public long count() {
    return moments.count();
  }

  /** Whether there is no sample. */
  public boolean isEmpty() {
    return moments.count() == 0;
  }

  /** Whether every value is still kept as it came. */
  public boolean isExact() {
    return folded == null;
  }

  /** The sum of the samples; empty without samples. */
  public OptionalDouble sum() {
    return isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(moments.sum());
  }

  /** The arithmetic mean; empty without samples. */
  public OptionalDouble mean() {
    return isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(moments.mean());
  }

  /** The sample standard deviation (divisor n − 1); empty below two samples. */
  public OptionalDouble std() {
    return count() < 2 ? OptionalDouble.empty() : OptionalDouble.of(moments.std());
  }

  /** The smallest sample; empty without samples. */
  public OptionalDouble min() {
    return isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(moments.min());
  }

  /** The largest sample; empty without samples. */
  public OptionalDouble max() {
    return isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(moments.max());
  }

  /** The nearest-rank percentile; empty without samples. */
  public OptionalDouble percentile(double percent) {
    return isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(atRank(Percentiles.rank(percent, count())));
  }

  /**
   * The percentile between the two nearest samples, in a line: at (n − 1) × percent ÷ 100 counted
   * from 0, as NumPy does by default. Empty without samples.
   */
  public OptionalDouble linearPercentile(double percent) {
    if (isEmpty()) {
      return OptionalDouble.empty();
    }
    double place = (count() - 1) * percent / 100;
    long below = (long) place;
    double low = atRank(below + 1);
    double high = atRank(Math.min(count(), below + 2));
    return OptionalDouble.of(low + (high - low) * (place - below));
  }

  /**
   * The median, by nearest rank, of the samples' distances from their median; empty without
   * samples.
   */
  public OptionalDouble medianAbsoluteDeviation() {
    if (isEmpty()) {
      return OptionalDouble.empty();
    }
    long near = Percentiles.rank(50, count());
    double median = atRank(near);
    // The nearest samples are neighbours in order: of all stretches of that length the tightest
    // one is where its far ends cross.
    long low = 1;
    long high = count() - near + 1;
    while (low < high) {
      long middle = (low + high) / 2;
      if (median - atRank(middle) <= atRank(middle + near - 1) - median) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    double best = furthest(low, near, median);
    return OptionalDouble.of(low > 1 ? Math.min(best, furthest(low - 1, near, median)) : best);
  }

  private double furthest(long first, long length, double median) {
    return Math.max(median - atRank(first), atRank(first + length - 1) - median);
  }

  /** How many samples lie strictly above {@code threshold}. */
  public long countAbove(double threshold) {
    return samples().countAbove(threshold);
  }

  /** The summary with the standard percentiles; absent for {@code reasonIfEmpty} if empty. */
  public MetricSummary summarize(String reasonIfEmpty) {
    return summarize(reasonIfEmpty, List.of());
  }

  /**
   * The summary with further percentiles beside the standard ones.
   *
   * @param reasonIfEmpty why there is nothing, if there is nothing
   * @param wanted what else was asked for; statistics that are no percentile are passed over
   */
  public MetricSummary summarize(String reasonIfEmpty, Collection<Statistic> wanted) {
    if (isEmpty()) {
      return MetricSummary.absent(unit, reasonIfEmpty);
    }
    TreeSet<Statistic> asked = new TreeSet<>(BY_PERCENT);
    asked.addAll(STANDARD);
    wanted.stream().filter(s -> s.percent().isPresent()).forEach(asked::add);
    Map<String, Double> percentiles = new LinkedHashMap<>();
    for (Statistic statistic : asked) {
      long rank = Percentiles.rank(statistic.percent().orElseThrow(), count());
      percentiles.put(statistic.name(), atRank(rank));
    }
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (Statistic statistic : WITH_INTERVAL) {
      RankInterval ranks = Percentiles.confidenceRanks(statistic.percent().orElseThrow(), count());
      if (ranks != null) {
        intervals.put(
            statistic.name(), new Interval(atRank(ranks.low()), atRank(ranks.high()), unit));
      }
    }
    return new MetricSummary(
        unit,
        count(),
        null,
        moments.min(),
        moments.mean(),
        count() < 2 ? null : moments.std(),
        Collections.unmodifiableMap(percentiles),
        moments.max(),
        Collections.unmodifiableMap(intervals),
        null);
  }

  /** A bin's middle can lie beyond the extremes, which are exact. */
  private double atRank(long rank) {
    return Math.max(moments.min(), Math.min(moments.max(), samples().atRank(rank)));
  }

  private RankedSamples samples() {
    return folded == null ? kept() : folded;
  }

  private ExactSamples kept() {
    if (exact == null) {
      throw new IllegalStateException("The values of a folded distribution are gone.");
    }
    return exact;
  }

  private FoldedSamples fold(ExactSamples kept) {
    FoldedSamples target = new FoldedSamples(binsPerUnit(unit));
    kept.forEach(target::add);
    folded = target;
    exact = null;
    return target;
  }

  /** Times are folded by the microsecond, counts by one, all else by its third decimal. */
  private static double binsPerUnit(String unit) {
    return switch (unit) {
      case "tok", "count" -> 1;
      default -> 1_000;
    };
  }
}
