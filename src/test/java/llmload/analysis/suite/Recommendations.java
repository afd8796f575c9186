package llmload.analysis.suite;

import java.util.List;
import java.util.Locale;
import llmload.metrics.SuiteResults;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.Operator;
import llmload.model.ResourceMetric;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.TargetVerdict.Result;

/** What to do about targets that were missed: one sentence each, with value and target. */
final class Recommendations {
  private static final double PERCENT = 100;

  private Recommendations() {}

  /** In the order of the targets; those that are shown only have none. */
  static List<String> of(List<TargetVerdict> verdicts) {
    return verdicts.stream()
        .filter(verdict -> verdict.target().graded() && verdict.result() != Result.MET)
        .map(Recommendations::sentence)
        .toList();
  }

  private static String sentence(TargetVerdict verdict) {
    Target target = verdict.target();
    Double measured = verdict.measured();
    String subject = subject(target);
    String limit = limit(target);
    if (verdict.result() != Result.MISSED || measured == null) {
      String reason = verdict.reason() == null ? "not measured" : verdict.reason();
      return "%s could not be held to its target of %s: %s.".formatted(subject, limit, reason);
    }
    Double margin = verdict.marginRatio();
    String by =
        margin == null || margin == 0
            ? ""
            : String.format(Locale.ROOT, ", %.1f %% off", Math.abs(margin) * PERCENT);
    return "%s is %s, the target is %s%s: %s."
        .formatted(subject, number(measured) + " " + target.unit(), limit, by, advice(target));
  }

  private static String subject(Target target) {
    String statistic = target.statistic().name();
    String what = target.metric() + (statistic.equals("value") ? "" : " " + statistic);
    return what + " of " + target.scope();
  }

  private static String limit(Target target) {
    Double upper = target.upper();
    String numbers =
        target.op() == Operator.BETWEEN && upper != null
            ? number(target.value()) + " to " + number(upper)
            : target.op().symbol() + " " + number(target.value());
    return numbers + " " + target.unit();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
  }

  private static String advice(Target target) {
    Metric metric = Metric.of(target.metric()).orElse(null);
    if (target.scope().equals(SuiteResults.RETRIEVAL)) {
      return "keep the index in memory, or search fewer candidates";
    }
    if (metric == ResourceMetric.HOST_MEMORY_PEAK) {
      return "a smaller model, batch or cache leaves more memory";
    }
    if (!(metric instanceof CoreMetric core)) {
      return "its table shows where";
    }
    return switch (core) {
      case OUTPUT_TOKENS_PER_SECOND_PER_USER ->
          "a smaller or quantised model, or faster memory, raises it";
      case TTFT -> "shorter prompts, a prefix cache, or fewer requests at once lower it";
      case ERROR_RATE -> "look at the errors by kind first";
      case SPIKE_RATE -> "look for what else runs on the server when latencies jump";
      default -> "its table shows where";
    };
  }
}
