package llmload.model;

import java.util.List;

/**
 * When a run was slower than it usually was, and by what.
 *
 * @param slowSeconds the intervals of the run's series that were slow, together
 * @param judgedSeconds all intervals that have a latency to judge, together; 0 if they are too few
 * @param stretches neighbours with one cause, the worst first; an interval of two causes is in two
 */
public record SlowTime(double slowSeconds, double judgedSeconds, List<Stretch> stretches) {
  /** Nothing was slow, or there was nothing to judge. */
  public static final SlowTime NONE = new SlowTime(0, 0, List.of());

  /**
   * Neighbouring intervals that were slow by one cause.
   *
   * @param startSeconds where the first begins, since the first measured request was sent
   * @param endSeconds where the last ends
   * @param intervalCount how many they are
   * @param latencies what was slow, by the metrics' ids
   * @param worstRatio the largest p99 of them ÷ what is usual, which counts as 1 µs at least
   * @param cause the cause in one or two words
   * @param because what speaks for it in the worst of them
   */
  public record Stretch(
      double startSeconds,
      double endSeconds,
      int intervalCount,
      List<String> latencies,
      double worstRatio,
      String cause,
      String because) {

    /** Copies the list. */
    public Stretch {
      latencies = List.copyOf(latencies);
    }
  }

  /** Copies the list. */
  public SlowTime {
    stretches = List.copyOf(stretches);
  }
}
