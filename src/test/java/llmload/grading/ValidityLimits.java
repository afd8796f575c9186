package llmload.grading;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import llmload.config.ConfigException;

/**
 * The limits of the validity rules.
 *
 * <p>Beyond a limit a run is DEGRADED. It is INVALID at 5 times the limit of the send lag and of
 * the GC pause, at 2.5 times that of the event-loop lag, and where the arrivals fall short by 5
 * times what their limit allows (below 0.9 for 0.98).
 *
 * @param sendLagP99Millis of the setting {@code validity.sendLagP99}
 * @param eventLoopLagMillis of {@code validity.eventLoopLag}
 * @param gcPauseMillis of {@code validity.gcPause}
 * @param achievedRatio of {@code validity.achievedRate}: arrivals sent ÷ planned
 * @param clockDriftRatio of {@code validity.clockDrift}: drift ÷ duration
 */
public record ValidityLimits(
    double sendLagP99Millis,
    double eventLoopLagMillis,
    double gcPauseMillis,
    double achievedRatio,
    double clockDriftRatio) {

  private static final String SEND_LAG = "validity.sendLagP99";
  private static final String EVENT_LOOP_LAG = "validity.eventLoopLag";
  private static final String GC_PAUSE = "validity.gcPause";
  private static final String ACHIEVED_RATE = "validity.achievedRate";
  private static final String CLOCK_DRIFT = "validity.clockDrift";

  private static final Map<String, Double> DEFAULTS = makeDefaults();

  /** Each limit's default by setting name without {@code llm.}: milliseconds, or a ratio. */
  public static Map<String, Double> defaults() {
    return DEFAULTS;
  }

  /**
   * The limits of {@code settings}; a name that is not there keeps its default.
   *
   * @throws ConfigException with one problem for each unknown name and unusable number
   */
  public static ValidityLimits of(Map<String, Double> settings) {
    Problems problems = new Problems("");
    Map<String, Double> limits = new LinkedHashMap<>(DEFAULTS);
    settings.forEach(
        (name, limit) -> {
          boolean ratio = name.equals(ACHIEVED_RATE) || name.equals(CLOCK_DRIFT);
          if (!DEFAULTS.containsKey(name)) {
            String rule = "one of " + String.join(", ", DEFAULTS.keySet());
            problems.add("validity limit", rule, name, NearestWord.hint(name, DEFAULTS.keySet()));
          } else if (!(limit > 0) || limit.isInfinite() || (ratio && limit > 1)) {
            problems.add(
                name, ratio ? "a ratio above 0 and up to 1" : "milliseconds above 0", limit);
          }
          limits.put(name, limit);
        });
    problems.throwIfAny();
    return new ValidityLimits(
        limit(limits, SEND_LAG),
        limit(limits, EVENT_LOOP_LAG),
        limit(limits, GC_PAUSE),
        limit(limits, ACHIEVED_RATE),
        limit(limits, CLOCK_DRIFT));
  }

  private static double limit(Map<String, Double> limits, String name) {
    return limits.getOrDefault(name, 0.0);
  }

  private static Map<String, Double> makeDefaults() {
    Map<String, Double> defaults = new LinkedHashMap<>();
    defaults.put(SEND_LAG, 10.0);
    defaults.put(EVENT_LOOP_LAG, 100.0);
    defaults.put(GC_PAUSE, 200.0);
    defaults.put(ACHIEVED_RATE, 0.98);
    defaults.put(CLOCK_DRIFT, 0.01);
    return Collections.unmodifiableMap(defaults);
  }
}
