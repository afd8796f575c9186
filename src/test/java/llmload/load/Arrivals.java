package llmload.load;

import java.time.Duration;

/** The arrival schedules. */
public final class Arrivals {
  private static final double NANOS_PER_SECOND = 1e9;

  private Arrivals() {}

  /**
   * Evenly spaced arrivals, the first at once: {@code t(n) = n ÷ rate} for n = 0, 1, 2 …
   *
   * <p>Each offset is computed from n and not from the one before, so that rounding to nanoseconds
   * never adds up. At 3 a second: 0, 333,333,333, 666,666,667, 1,000,000,000 ns.
   *
   * @param ratePerSecond above 0
   */
  public static ArrivalSchedule constant(double ratePerSecond) {
    requirePositive("ratePerSecond", ratePerSecond);
    return new ArrivalSchedule() {
      private long index;

      @Override
      public long nextOffsetNanos() {
        return nanos(index++ / ratePerSecond);
      }
    };
  }

  /**
   * A Poisson process: independent exponential gaps, {@code gap = −ln(1 − U) ÷ rate} with U uniform
   * in [0, 1) (inverse of the distribution function {@code F(t) = 1 − exp(−rate · t)}). The first
   * arrival is one gap after the start. Users who do not know of one another arrive like this.
   *
   * @param ratePerSecond the mean rate, above 0
   */
  public static ArrivalSchedule poisson(double ratePerSecond, long seed) {
    requirePositive("ratePerSecond", ratePerSecond);
    GapSource random = new GapSource(seed);
    return cumulative(() -> random.exponential() / ratePerSecond);
  }

  /**
   * Independent gaps of the gamma distribution with shape {@code burstiness} and scale {@code 1 ÷
   * (rate · burstiness)}, hence mean {@code 1 ÷ rate} and coefficient of variation {@code 1 ÷
   * √burstiness}. The parameter is that of {@code vllm bench serve --burstiness}: 1 is a Poisson
   * process, below 1 comes in bursts, above 1 is more even. At 0.25 the gaps vary by twice their
   * mean.
   *
   * @param ratePerSecond the mean rate, above 0
   * @param burstiness the shape, above 0
   */
  public static ArrivalSchedule gamma(double ratePerSecond, double burstiness, long seed) {
    requirePositive("ratePerSecond", ratePerSecond);
    requirePositive("burstiness", burstiness);
    GapSource random = new GapSource(seed);
    double scaleSeconds = 1 / (ratePerSecond * burstiness);
    return cumulative(() -> random.gamma(burstiness) * scaleSeconds);
  }

  /**
   * Arrivals whose rate grows evenly from 0 to {@code ratePerSecond} within {@code rampUp} and
   * stays there: {@link #rampUp} of {@link #constant}.
   */
  public static ArrivalSchedule ramp(double ratePerSecond, Duration rampUp) {
    return rampUp(constant(ratePerSecond), rampUp);
  }

  /**
   * {@code steady} with its clock bent so that its rate grows evenly from 0 to full within {@code
   * rampUp} (T) and stays there.
   *
   * <p>At time t the schedule is as far as the steady one at {@code u(t) = t² ÷ (2·T)} up to T, and
   * {@code u(t) = t − T ÷ 2} after: the integral of the growing rate over the full one. Turned
   * round, an arrival at u comes at {@code t = √(2·T·u)} for u ≤ T ÷ 2, else at {@code u + T ÷ 2}.
   * By the time-rescaling theorem a Poisson process stays one, of growing rate. With T = 8 s what
   * was due at 1 s comes at 4 s, and what was due at 4 s at 8 s.
   *
   * @param rampUp zero leaves the schedule as it is
   */
  public static ArrivalSchedule rampUp(ArrivalSchedule steady, Duration rampUp) {
    if (rampUp.isNegative()) {
      throw new IllegalArgumentException(
          "rampUp: Expecting no negative duration. Found: " + rampUp + ".");
    }
    long halfNanos = rampUp.toNanos() / 2;
    double twiceNanos = 2.0 * rampUp.toNanos();
    return () -> {
      long offset = steady.nextOffsetNanos();
      if (offset >= ArrivalSchedule.NEVER - halfNanos) {
        return ArrivalSchedule.NEVER;
      }
      return offset < halfNanos ? Math.round(Math.sqrt(twiceNanos * offset)) : offset + halfNanos;
    };
  }

  /**
   * Recorded arrivals.
   *
   * @param offsetNanos 0 or more, none less than the one before; copied
   */
  public static ArrivalSchedule trace(long[] offsetNanos) {
    long[] offsets = offsetNanos.clone();
    long before = 0;
    for (int i = 0; i < offsets.length; i++) {
      if (offsets[i] < before) {
        throw new IllegalArgumentException(
            "trace: Expecting arrival %d at %d ns or later. Found: %d ns."
                .formatted(i + 1, before, offsets[i]));
      }
      before = offsets[i];
    }
    return new ArrivalSchedule() {
      private int index;

      @Override
      public long nextOffsetNanos() {
        return index < offsets.length ? offsets[index++] : NEVER;
      }
    };
  }

  private interface Gap {
    double nextSeconds();
  }

  // Summed in seconds as a double: after a day at 1,000 arrivals a second the rounding of the sum
  // is still below a microsecond.
  private static ArrivalSchedule cumulative(Gap gap) {
    return new ArrivalSchedule() {
      private double seconds;

      @Override
      public long nextOffsetNanos() {
        seconds += gap.nextSeconds();
        return nanos(seconds);
      }
    };
  }

  // Rounding saturates: an arrival after 292 years is one that never comes.
  private static long nanos(double seconds) {
    return Math.round(seconds * NANOS_PER_SECOND);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + ": Expecting a number above 0. Found: " + value + ".");
    }
  }
}
