package llmload.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import llmload.model.BaselineComparison;
import llmload.model.Comparison;
import llmload.model.Difference;
import llmload.model.Difference.Effect;
import llmload.model.Interval;
import llmload.model.Regression;
import llmload.model.RunReport;
import llmload.model.RunSnapshot;
import llmload.model.Validity;
import llmload.model.Verdict;
import org.jspecify.annotations.Nullable;

/** Runs beside a baseline to try a writer on. */
public final class SampleComparisons {
  private SampleComparisons() {}

  /** The ordinary run, in which TTFT is worse than the baseline's and the rest is not. */
  public static RunReport regressed() {
    return compared(
        regression(), "regression against the baseline main: ttft p50 80 -> 96 ms (+20.0 %)");
  }

  /** Its comparison. */
  public static BaselineComparison regression() {
    return new BaselineComparison(
        baseline("main"),
        "llmload",
        Regression.REGRESSION,
        List.of(),
        List.of(
            new Difference("users", "32", "64", Effect.WARNING),
            new Difference("serverVersion", "vllm 0.10.2", "vllm 0.11.0", Effect.NOTE)),
        List.of(
            row("ttft", "p50", 80.0, 96.0, Regression.REGRESSION, null),
            row("e2e", "p50", 1600.0, 1614.0, Regression.OK, null),
            row(
                "tpot",
                "p95",
                10.0,
                12.0,
                Regression.INCONCLUSIVE,
                "beyond the limit, but the two runs' confidence intervals overlap"),
            row(
                "ttfot",
                "p50",
                null,
                70.0,
                Regression.NOT_COMPARABLE,
                "the baseline does not have it")),
        Map.of());
  }

  /** A run held to another suite's rules, with that suite's own result. */
  public static RunReport bySuite() {
    return compared(
        new BaselineComparison(
            baseline("old"),
            "pyagent",
            Regression.REGRESSION,
            List.of(),
            List.of(),
            List.of(row("avg_tps", "mean", 100.0, 94.0, Regression.REGRESSION, null)),
            Map.of(
                "baseline_avg_tps", 100.0,
                "current_avg_tps", 94.0,
                "improvement_percent", -6.0,
                "regression", true)),
        "regression against the baseline old: avg_tps mean 100 -> 94 tok/s (-6.0 %)");
  }

  /** A comparison in which {@code text} stands wherever a file can put it. */
  static BaselineComparison hostile(String text) {
    RunSnapshot baseline =
        new RunSnapshot(
            text,
            text,
            text,
            null,
            null,
            text,
            true,
            null,
            null,
            Map.of(text, text),
            Map.of(),
            Map.of(text, 1.0));
    Comparison row =
        new Comparison(
            text,
            text,
            "p50",
            text,
            1.0,
            2.0,
            null,
            null,
            1.0,
            "5 %",
            Regression.NOT_COMPARABLE,
            null,
            text);
    return new BaselineComparison(
        baseline,
        "llmload",
        Regression.NOT_COMPARABLE,
        List.of(text),
        List.of(new Difference(text, text, text, Effect.WARNING)),
        List.of(row),
        Map.of("status", text));
  }

  private static RunReport compared(BaselineComparison comparison, String failure) {
    RunReport plain = SampleRunReports.passing();
    Verdict verdict = plain.verdict();
    return new RunReport(
        plain.manifest(),
        plain.measurements(),
        plain.targets(),
        new Verdict(
            verdict.validity(),
            verdict.validityReasons(),
            verdict.grade(),
            verdict.targetsMet(),
            verdict.targetsTotal(),
            comparison.regression(),
            3,
            List.of(failure)),
        null,
        plain.definitions(),
        comparison);
  }

  private static RunSnapshot baseline(String name) {
    return new RunSnapshot(
        name,
        RunSnapshot.LLMLOAD,
        "load-20260101030405000",
        Instant.parse("2026-01-01T03:04:05Z"),
        Instant.parse("2026-01-01T04:00:00Z"),
        "0123456789abcdef0123456789abcdef01234567",
        false,
        Validity.VALID,
        1180L,
        Map.of("users", "32"),
        Map.of(),
        Map.of());
  }

  private static Comparison row(
      String metric,
      String statistic,
      @Nullable Double baseline,
      double current,
      Regression verdict,
      @Nullable String reason) {
    String unit = metric.equals("avg_tps") ? "tok/s" : "ms";
    Interval was = baseline == null ? null : new Interval(baseline * 0.98, baseline * 1.02, unit);
    return new Comparison(
        "all",
        metric,
        statistic,
        unit,
        baseline,
        current,
        was,
        new Interval(current * 0.98, current * 1.02, unit),
        baseline == null ? null : (current - baseline) / baseline,
        "5 %",
        verdict,
        null,
        reason);
  }
}
