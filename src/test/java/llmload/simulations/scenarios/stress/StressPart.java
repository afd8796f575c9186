package llmload.simulations.scenarios.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One test: stages that follow one another without a pause.
 *
 * @param name the name of its requests
 * @param stages its stages
 */
record StressPart(String name, List<StressStage> stages) {
  StressPart {
    stages = List.copyOf(stages);
  }

  /** The most users of any of its stages. */
  int peakCount() {
    return stages.stream()
        .mapToInt(stage -> Math.max(stage.fromCount(), stage.toCount()))
        .max()
        .orElse(0);
  }

  /** Load that is held from the first moment to the last. */
  static StressPart held(String name, int users, Duration time) {
    return new StressPart(name, List.of(new StressStage("hold", time.toNanos(), users, users)));
  }

  /** Load that grows in a line from one user. */
  static StressPart ramp(String name, int users, Duration time) {
    return new StressPart(name, List.of(new StressStage("ramp", time.toNanos(), 1, users)));
  }

  /**
   * Load that grows, holds and shrinks within {@code time}. Ramps that would take more than half of
   * it are shortened to half, in proportion, so that there is always load to look at.
   */
  static StressPart steady(String name, int users, Duration time, Duration up, Duration down) {
    long all = time.toNanos();
    long ramps = up.toNanos() + down.toNanos();
    double scale = ramps > all / 2 ? all / 2.0 / ramps : 1;
    long upNanos = (long) (up.toNanos() * scale);
    long downNanos = (long) (down.toNanos() * scale);
    return new StressPart(
        name,
        List.of(
            new StressStage("ramp_up", upNanos, 1, users),
            new StressStage("hold", all - upNanos - downNanos, users, users),
            new StressStage("ramp_down", downNanos, users, 1)));
  }

  /**
   * A base with bursts: each begins {@code every} after the one before, the first after as long,
   * less its own length, of base load; where the time is shorter than that, in its second half.
   */
  static StressPart spikes(
      String name, int base, int burst, Duration time, Duration every, Duration length) {
    long left = time.toNanos();
    long burstNanos = length.toNanos();
    long baseNanos = every.toNanos() - burstNanos;
    if (left < every.toNanos()) {
      burstNanos = left * length.toNanos() / every.toNanos();
      baseNanos = left - burstNanos;
    }
    List<StressStage> stages = new ArrayList<>();
    while (left > 0) {
      long calm = Math.min(left, baseNanos);
      stages.add(new StressStage("base", calm, base, base));
      left -= calm;
      long spike = Math.min(left, burstNanos);
      if (spike > 0) {
        stages.add(new StressStage("burst", spike, burst, burst));
        left -= spike;
      }
    }
    return new StressPart(name, stages);
  }
}
