package llmload.load;

import static llmload.load.ArrivalScheduleContract.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long SECOND = 1_000_000_000L;

  @Nested
  class Constant extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.constant(7);
    }
  }

  @Nested
  class Poisson extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.poisson(7, 1);
    }
  }

  @Nested
  class BurstyGamma extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.gamma(7, 0.25, 1);
    }
  }

  @Nested
  class EvenGamma extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.gamma(7, 4, 1);
    }
  }

  @Nested
  class Ramp extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.ramp(7, Duration.ofMinutes(1));
    }
  }

  @Nested
  class RampedPoisson extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.rampUp(Arrivals.poisson(7, 1), Duration.ofMinutes(1));
    }
  }

  @Nested
  class Trace extends ArrivalScheduleContract {
    @Override
    ArrivalSchedule schedule() {
      return Arrivals.trace(new long[] {0, 0, 5, 9});
    }
  }

  @Test
  void constant_atThreeASecond_isThirdsRoundedOnceEach() {
    assertThat(offsets(Arrivals.constant(3), 4))
        .containsExactly(0, 333_333_333, 666_666_667, SECOND);
  }

  @Test
  void constant_afterAMillionArrivals_hasNotDrifted() {
    for (double rate : new double[] {0.3, 3, 7, 999.7, 1e5}) {
      ArrivalSchedule schedule = Arrivals.constant(rate);
      BigDecimal exactRate = new BigDecimal(rate);
      for (int n = 0; n <= 1_000_000; n++) {
        long offset = schedule.nextOffsetNanos();
        if (n % 9_973 == 0) {
          // n ÷ rate in exact arithmetic.
          BigDecimal exact =
              BigDecimal.valueOf(n)
                  .multiply(BigDecimal.valueOf(SECOND))
                  .divide(exactRate, 3, RoundingMode.HALF_UP);
          // Half a nanosecond of rounding, and the 53 bits of a double: 1e-16 of the offset, twice.
          double tolerance = 0.51 + exact.doubleValue() * 2.3e-16;
          assertThat(Math.abs(exact.doubleValue() - offset)).isLessThanOrEqualTo(tolerance);
        }
      }
    }
  }

  @Test
  void ramp_overEightSeconds_followsTheSquareRootAndThenTheRate() {
    // One a second, u = 0, 1, 2, 3, 4 s, over T = 8 s: t = √(16·u) = 0, 4, 5.656854249,
    // 6.928203230,
    // 8 s; then u + 4 s.
    assertThat(offsets(Arrivals.ramp(1, Duration.ofSeconds(8)), 7))
        .containsExactly(
            0, 4 * SECOND, 5_656_854_249L, 6_928_203_230L, 8 * SECOND, 9 * SECOND, 10 * SECOND);
  }

  @Test
  void ramp_ofNoLength_changesNothing() {
    assertThat(offsets(Arrivals.ramp(3, Duration.ZERO), 100))
        .isEqualTo(offsets(Arrivals.constant(3), 100));
  }

  @Test
  void rampOfATrace_endsWhereTheTraceEnds() {
    ArrivalSchedule schedule =
        Arrivals.rampUp(Arrivals.trace(new long[] {SECOND, 4 * SECOND}), Duration.ofSeconds(8));

    assertThat(offsets(schedule, 4))
        .containsExactly(4 * SECOND, 8 * SECOND, ArrivalSchedule.NEVER, ArrivalSchedule.NEVER);
  }

  @Test
  void trace_isGivenBack_andNotTouchedByItsMaker() {
    long[] recorded = {0, 5, 5, 9};
    ArrivalSchedule schedule = Arrivals.trace(recorded);
    recorded[1] = 0;

    assertThat(offsets(schedule, 5)).containsExactly(0, 5, 5, 9, ArrivalSchedule.NEVER);
    assertThat(Arrivals.trace(new long[0]).nextOffsetNanos()).isEqualTo(ArrivalSchedule.NEVER);
  }

  @Test
  void seeds_makeDifferentSchedules() {
    assertThat(offsets(Arrivals.poisson(1, 1), 5)).isNotEqualTo(offsets(Arrivals.poisson(1, 2), 5));
    assertThat(offsets(Arrivals.gamma(1, 2, 1), 5))
        .isNotEqualTo(offsets(Arrivals.gamma(1, 2, 2), 5));
  }

  @Test
  void seed42_givesTheseArrivals_onEveryMachine() {
    // Worked out in Python from the published SplitMix64 generator (G. Steele, D. Lea, C. Flood,
    // OOPSLA 2014) and the formulas of the javadoc.
    assertThat(offsets(Arrivals.poisson(50, 42), 4))
        .containsExactly(27_062_212, 30_547_146, 37_078_408, 45_516_113);
    assertThat(offsets(Arrivals.gamma(50, 4, 42), 3))
        .containsExactly(23_469_562, 40_847_734, 54_001_200);
  }

  @Test
  void impossibleSettings_areRefused() {
    assertThatThrownBy(() -> Arrivals.constant(0))
        .hasMessage("ratePerSecond: Expecting a number above 0. Found: 0.0.");
    assertThatThrownBy(() -> Arrivals.poisson(Double.NaN, 1))
        .hasMessage("ratePerSecond: Expecting a number above 0. Found: NaN.");
    assertThatThrownBy(() -> Arrivals.gamma(1, -2, 1))
        .hasMessage("burstiness: Expecting a number above 0. Found: -2.0.");
    assertThatThrownBy(() -> Arrivals.ramp(Double.POSITIVE_INFINITY, Duration.ZERO))
        .hasMessage("ratePerSecond: Expecting a number above 0. Found: Infinity.");
    assertThatThrownBy(() -> Arrivals.ramp(1, Duration.ofSeconds(-1)))
        .hasMessage("rampUp: Expecting no negative duration. Found: PT-1S.");
    assertThatThrownBy(() -> Arrivals.trace(new long[] {3, 2}))
        .hasMessage("trace: Expecting arrival 2 at 3 ns or later. Found: 2 ns.");
    assertThatThrownBy(() -> Arrivals.trace(new long[] {-1}))
        .hasMessage("trace: Expecting arrival 1 at 0 ns or later. Found: -1 ns.");
  }
}
