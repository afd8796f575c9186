package llmload.report.junit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import llmload.model.ExitCode;
import llmload.model.RunReport;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.Verdict;
import llmload.report.Figures;
import llmload.report.TargetText;
import org.jspecify.annotations.Nullable;

/**
 * One test case of the suite.
 *
 * @param className the group it is shown in
 * @param name its name in the group
 * @param state how it went
 * @param message why it did not pass; {@code null} if it did
 * @param output what else there is to say
 * @param properties its numbers
 */
record CaseElement(
    String className,
    String name,
    State state,
    @Nullable String message,
    String output,
    Map<String, String> properties) {

  /** The four states of a JUnit test. */
  enum State {
    PASSED,
    FAILURE,
    ERROR,
    SKIPPED
  }

  /** The case that says whether the run can be believed. */
  static CaseElement ofValidity(RunReport report) {
    Verdict verdict = report.verdict();
    boolean believable = verdict.validity().isUsable() && verdict.exitCode() != ExitCode.INVALID;
    String reasons = String.join("\n", verdict.validityReasons());
    String message =
        verdict.validity().isUsable()
            ? String.join(" ", verdict.failures())
            : verdict.validity() + ": " + String.join(" ", verdict.validityReasons());
    return new CaseElement(
        "llmload.validity",
        "validity",
        believable ? State.PASSED : State.ERROR,
        believable ? null : message,
        reasons,
        Map.of("validity", verdict.validity().name()));
  }

  /** The case of one target. */
  static CaseElement of(TargetVerdict verdict, Verdict run) {
    Target target = verdict.target();
    String measured =
        "measured "
            + TargetText.measured(verdict)
            + ", limit "
            + TargetText.limit(target)
            + ", margin "
            + Figures.signedPercent(verdict.marginRatio())
            + ", "
            + verdict.sampleCount()
            + " samples";
    State state = state(verdict, run);
    return new CaseElement(
        "llmload.targets." + target.scope(),
        TargetText.subject(target) + " " + TargetText.limit(target),
        state,
        state == State.PASSED ? null : message(verdict, run, measured),
        measured + (verdict.reason() == null ? "" : "\n" + verdict.reason()),
        properties(verdict));
  }

  private static State state(TargetVerdict verdict, Verdict run) {
    if (!verdict.target().graded()) {
      return verdict.result() == TargetVerdict.Result.MET ? State.PASSED : State.SKIPPED;
    }
    if (!run.validity().isUsable()) {
      return State.ERROR;
    }
    return switch (verdict.result()) {
      case MET -> State.PASSED;
      case MISSED -> State.FAILURE;
      case NO_DATA -> State.ERROR;
      case INCONCLUSIVE -> State.SKIPPED;
    };
  }

  private static String message(TargetVerdict verdict, Verdict run, String measured) {
    String expectation = verdict.target().graded() ? "" : "expectation, not graded: ";
    if (verdict.target().graded() && !run.validity().isUsable()) {
      return "the run is " + run.validity() + "; " + measured;
    }
    String reason = Objects.requireNonNullElse(verdict.reason(), measured);
    return expectation + verdict.result() + ": " + reason;
  }

  private static Map<String, String> properties(TargetVerdict verdict) {
    Target target = verdict.target();
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("id", target.id());
    properties.put("verdict", verdict.result().name());
    if (verdict.measured() != null) {
      properties.put("measured", plain(verdict.measured()));
    }
    properties.put("limit", TargetText.limit(target));
    properties.put("unit", target.unit());
    if (verdict.marginRatio() != null) {
      properties.put("margin", plain(verdict.marginRatio()));
    }
    properties.put("count", Long.toString(verdict.sampleCount()));
    properties.put("required", Boolean.toString(target.required()));
    if (target.source() != null) {
      properties.put("source", target.source());
    }
    return properties;
  }

  private static String plain(double value) {
    return Figures.exact(value).replace(",", "");
  }
}
