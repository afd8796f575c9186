package llmload.analysis.telemetry;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import llmload.analysis.telemetry.IntervalReadings.Gpu;
import llmload.analysis.telemetry.IntervalReadings.Reading;
import llmload.model.CoreMetric;

/**
 * What made an interval slow: the first rule of docs/telemetry.md that its own telemetry supports,
 * against what is usual in the intervals that were not slow. What is as usual explains nothing.
 *
 * @param kind the cause in one or two words
 * @param because what speaks for it
 * @param others further causes that hold as well
 */
record SlowCause(String kind, String because, List<String> others) {
  static final String NO_TELEMETRY = "no telemetry";

  private static final String QUEUE = "server queue";
  private static final double LEAST_EXPLAINED_RATIO = 0.5;
  private static final double LEAST_THROTTLED_RATIO = 0.5;
  private static final double MOST_CLOCK_RATIO = 0.9;
  private static final double AT_POWER_LIMIT_RATIO = 0.95;

  /** Straight lines between samples share an event out; the interval that has most of it counts. */
  private static final double LEAST_GROWTH = 0.5;

  private static final double LEAST_WAITING = 1;
  private static final double LEAST_QUEUE_RATIO = 2;
  private static final double FULL_CACHE_RATIO = 0.95;
  private static final double LEAST_BATCH_RATIO = 1.5;
  private static final double LEAST_FURTHER_RUNNING = 1;
  private static final double BUSY_RATIO = 0.95;
  private static final MathContext SHOWN = new MathContext(3);

  /** Of an interval in which the p99 of a latency was far above the usual one. */
  static SlowCause of(
      IntervalReadings readings,
      int interval,
      CoreMetric latency,
      double p99Millis,
      double usualMillis) {
    Rules rules = new Rules(readings, interval);
    rules.paused(p99Millis - usualMillis);
    rules.throttled();
    rules.counted("preemptions", readings.preempted);
    rules.counted("evictions", readings.evicted);
    if (latency == CoreMetric.TTFT) {
      rules.queue(p99Millis);
    }
    rules.cacheFull();
    if (latency == CoreMetric.ITL) {
      rules.batch();
    }
    rules.processors();
    return rules.cause();
  }

  /** The rules on one interval. */
  private static final class Rules {
    private final IntervalReadings readings;
    private final int interval;
    private final List<SlowCause> found = new ArrayList<>();
    private final List<String> compared = new ArrayList<>();
    private final List<String> alone = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private Rules(IntervalReadings readings, int interval) {
      this.readings = readings;
      this.interval = interval;
    }

    /** Whether a number is known here and elsewhere; notes what it is in either case. */
    private boolean looksAt(String name, Reading reading) {
      boolean known = reading.at(interval) != null;
      List<String> place = known ? (reading.usual() != null ? compared : alone) : unknown;
      if (!place.contains(name)) {
        place.add(name);
      }
      return known && reading.usual() != null;
    }

    private double here(Reading reading) {
      Double value = reading.at(interval);
      return value == null ? 0 : value;
    }

    private static double usual(Reading reading) {
      Double usual = reading.usual();
      return usual == null ? 0 : usual;
    }

    private void found(String kind, String what, Reading reading, String unit, double factor) {
      found.add(
          new SlowCause(
              kind,
              "%s %s%s, usually %s"
                  .formatted(
                      what, shown(here(reading) * factor), unit, shown(usual(reading) * factor)),
              List.of()));
    }

    private void paused(double excessMillis) {
      Reading pause = readings.pause;
      if (looksAt("injector", pause)
          && here(pause) - usual(pause) >= excessMillis * LEAST_EXPLAINED_RATIO) {
        found("injector paused", "for", pause, " ms", 1);
      }
    }

    private void throttled() {
      Reading slowed = readings.throttled;
      if (looksAt("GPU throttling", slowed)
          && here(slowed) >= LEAST_THROTTLED_RATIO
          && usual(slowed) < LEAST_THROTTLED_RATIO) {
        found("throttled GPU", "for", slowed, " % of it", 100);
        return;
      }
      if (readings.gpus.isEmpty()) {
        unknown.add("GPU clock");
      }
      for (Gpu gpu : readings.gpus) {
        Double power = gpu.powerRatio().at(interval);
        if (looksAt("GPU clock", gpu.clock())
            && here(gpu.clock()) <= usual(gpu.clock()) * MOST_CLOCK_RATIO
            && power != null
            && power >= AT_POWER_LIMIT_RATIO) {
          String what = "at its power limit, " + gpu.name() + ", SM clock";
          found("throttled GPU", what, gpu.clock(), " MHz", 1);
          return;
        }
      }
    }

    private void counted(String kind, Reading reading) {
      if (looksAt(kind, reading)
          && here(reading) >= LEAST_GROWTH
          && usual(reading) < LEAST_GROWTH) {
        found(kind, "about", reading, "", 1);
      }
    }

    /** First tokens of an interval are waited for until after its end, by as much as the p99. */
    private void queue(double p99Millis) {
      Reading waiting = readings.waiting;
      Reading queued = readings.queued;
      boolean counted = looksAt("queue", waiting);
      boolean timed = looksAt("queue", queued);
      double least = Math.max(LEAST_WAITING, usual(waiting) * LEAST_QUEUE_RATIO);
      double longest =
          Math.max(
              usual(queued) * SlowIntervals.LEAST_RATIO,
              usual(queued) + SlowIntervals.LEAST_EXCESS_MILLIS);
      Double waitingUntil = readings.waitingUntil(interval, p99Millis);
      Double queuedUntil = readings.queuedUntil(interval, p99Millis);
      if (counted && here(waiting) >= least) {
        found(QUEUE, "waiting", waiting, "", 1);
      } else if (counted && waitingUntil != null && waitingUntil >= least) {
        late("waiting %s until its first tokens, usually %s", waitingUntil, waiting);
      } else if (timed && here(queued) >= longest) {
        found(QUEUE, "for", queued, " ms on the mean", 1);
      } else if (timed && queuedUntil != null && queuedUntil >= longest) {
        late("for %s ms on the mean until its first tokens, usually %s", queuedUntil, queued);
      }
    }

    private void late(String words, double value, Reading reading) {
      String because = words.formatted(shown(value), shown(usual(reading)));
      found.add(new SlowCause(QUEUE, because, List.of()));
    }

    private void cacheFull() {
      Reading used = readings.kvUsed;
      if (looksAt("KV cache", used)
          && here(used) >= FULL_CACHE_RATIO
          && usual(used) < FULL_CACHE_RATIO) {
        found("KV cache full", "in use", used, " %", 100);
      }
    }

    private void batch() {
      Reading running = readings.running;
      if (looksAt("batch", running)
          && here(running) >= usual(running) * LEAST_BATCH_RATIO
          && here(running) - usual(running) >= LEAST_FURTHER_RUNNING) {
        found("larger batch", "running", running, "", 1);
      }
    }

    private void processors() {
      Reading busy = readings.hostCpu;
      if (looksAt("processors", busy) && here(busy) >= BUSY_RATIO && usual(busy) < BUSY_RATIO) {
        found("busy processors", "busy", busy, " %", 100);
      }
    }

    private SlowCause cause() {
      if (!found.isEmpty()) {
        SlowCause first = found.get(0);
        List<String> others = found.stream().skip(1).map(SlowCause::kind).toList();
        return new SlowCause(first.kind, first.because, others);
      }
      if (readings.all().stream().allMatch(reading -> reading.at(interval) == null)) {
        return new SlowCause(NO_TELEMETRY, "no sample of this time", List.of());
      }
      List<String> words = new ArrayList<>();
      add(words, "nothing unusual in ", compared);
      add(words, "nothing to compare with: ", alone);
      alone.removeAll(compared);
      unknown.removeAll(compared);
      add(words, "not known: ", unknown);
      return new SlowCause(Attribution.UNATTRIBUTED, String.join("; ", words), List.of());
    }

    private static void add(List<String> words, String begin, List<String> names) {
      if (!names.isEmpty()) {
        words.add(begin + String.join(", ", names));
      }
    }
  }

  /** All of it in one cell. */
  String note() {
    return others.isEmpty() ? because : because + "; also " + String.join(", ", others);
  }

  private static String shown(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(SHOWN).stripTrailingZeros();
    return rounded.toPlainString();
  }
}
