package llmload.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import llmload.model.ServerPlace;
import org.jspecify.annotations.Nullable;

/**
 * When a load is borne. A rule whose limit is {@code null} is not applied; one whose number nobody
 * measured is not judged, and neither keeps nor breaks. Memory and processors are those of the
 * machine that sends the load, and are judged only where the server is there too.
 *
 * @param maxErrorRatio the most failed ÷ (ok + failed)
 * @param maxLatencyMillis the highest p95 of the end to end latency
 * @param maxMemoryRatio the highest mean share of this machine's memory in use
 * @param maxCpuRatio the highest mean share of this machine's processors that are busy
 */
public record StressRules(
    double maxErrorRatio,
    @Nullable Double maxLatencyMillis,
    @Nullable Double maxMemoryRatio,
    @Nullable Double maxCpuRatio) {

  private static final double PERCENTILE = 95;

  /**
   * What a tally comes to.
   *
   * @param passed whether no rule was broken, and at least one answer came
   * @param broken each rule that was, with value and limit
   * @param notJudged each rule that could not be applied, and why
   */
  public record Judgement(boolean passed, List<String> broken, List<String> notJudged) {
    /** Copies both lists. */
    public Judgement {
      broken = List.copyOf(broken);
      notJudged = List.copyOf(notJudged);
    }
  }

  /** Holds {@code tally} to the rules, with the server in that place. */
  public Judgement judge(StressTally tally, ServerPlace place) {
    List<String> broken = new ArrayList<>();
    List<String> notJudged = new ArrayList<>();
    if (tally.okCount() == 0) {
      broken.add("no request succeeded");
    }
    double errors = tally.errorRatio().orElse(0);
    if (errors > maxErrorRatio) {
      broken.add(line("error rate", errors * 100, maxErrorRatio * 100, "%"));
    }
    Double limit = maxLatencyMillis;
    OptionalDouble p95 = tally.latencies().percentile(PERCENTILE);
    if (limit != null && p95.isPresent() && p95.getAsDouble() > limit) {
      broken.add(line("p95", p95.getAsDouble(), limit, "ms"));
    }
    share(
        place, "this machine's memory", tally.memoryMeanRatio(), maxMemoryRatio, broken, notJudged);
    share(place, "this machine's CPU", tally.cpuMeanRatio(), maxCpuRatio, broken, notJudged);
    return new Judgement(broken.isEmpty(), broken, notJudged);
  }

  private static void share(
      ServerPlace place,
      String what,
      OptionalDouble measured,
      @Nullable Double limit,
      List<String> broken,
      List<String> notJudged) {
    if (limit == null) {
      return;
    }
    if (place.whyNotJudged() != null) {
      notJudged.add(what + " (" + place.whyNotJudged() + ")");
    } else if (measured.isEmpty()) {
      notJudged.add(what + " (no look at it in its time; llm.telemetry.host takes them)");
    } else if (measured.getAsDouble() > limit) {
      broken.add(line(what, measured.getAsDouble() * 100, limit * 100, "%"));
    }
  }

  private static String line(String what, double value, double limit, String unit) {
    return String.format(Locale.ROOT, "%s %.1f %s above %.1f %s", what, value, unit, limit, unit);
  }
}
