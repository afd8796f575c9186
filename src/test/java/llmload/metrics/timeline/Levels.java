package llmload.metrics.timeline;

import llmload.model.MetricSummary;

/** Gauges of several things as one. Not safe for use by several threads. */
public final class Levels {
  private final boolean added;
  private double mean;
  private double min;
  private double max;
  private long samples;
  private int count;

  /**
   * @param added whether the things add up, as memory does; else they are told as their mean
   */
  public Levels(boolean added) {
    this.added = added;
  }

  /** Takes one thing. */
  public void add(Level level) {
    add(level, 1);
  }

  /** Takes one thing in another unit. */
  public void add(Level level, double factor) {
    boolean first = count == 0;
    double least = level.min() * factor;
    double most = level.max() * factor;
    mean += level.mean() * factor;
    min = first ? least : added ? min + least : Math.min(min, least);
    max = first ? most : added ? max + most : Math.max(max, most);
    samples += level.sampleCount();
    count++;
  }

  /** Whether nothing was taken. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The sum of the means, or their mean. */
  public double mean() {
    return added ? mean : mean / count;
  }

  /** The sum of the greatest, or the greatest of all. */
  public double max() {
    return max;
  }

  /** As a metric; at least one thing was taken. */
  public MetricSummary summary(String unit, double factor) {
    return MetricSummary.ofGauge(
        unit, Math.max(1, samples), min * factor, mean() * factor, max * factor);
  }
}
