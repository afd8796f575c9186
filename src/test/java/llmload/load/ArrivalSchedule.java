package llmload.load;

/**
 * The times at which requests are wanted, one after the other. One thread only.
 *
 * <p>A schedule never looks at the clock: a driver that is late finds the same offsets, so that
 * lateness shows as lag and not as a lower rate.
 */
@FunctionalInterface
public interface ArrivalSchedule {
  /** What {@link #nextOffsetNanos} gives when there are no more arrivals. */
  long NEVER = Long.MAX_VALUE;

  /**
   * The next arrival in nanoseconds since the plan's start: 0 or more, and never less than the one
   * before; {@link #NEVER} once there is none, and from then on.
   */
  long nextOffsetNanos();
}
