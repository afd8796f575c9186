package llmload.grading;

import java.util.ArrayList;
import java.util.List;
import llmload.model.BaselineComparison;
import llmload.model.ExitCode;
import llmload.model.Grade;
import llmload.model.JournalFooter;
import llmload.model.Regression;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.Target;
import llmload.model.TargetVerdict;
import llmload.model.TargetVerdict.Result;
import llmload.model.Validity;
import llmload.model.Verdict;
import org.jspecify.annotations.Nullable;

/** The verdict on a run: validity first, then targets, grade and exit code. */
public final class Grading {
  private Grading() {}

  /**
   * Judges a run that was compared with no baseline.
   *
   * @throws llmload.config.ConfigException if the manifest's {@code failOn} or limits are unusable
   */
  public static GradedRun grade(RunManifest manifest, RunMeasurements run) {
    return grade(manifest, run, null);
  }

  /**
   * Judges a run that was held against a baseline.
   *
   * <p>The exit code is the first of: the signal's that ended the run, invalid, target missed,
   * regression or nothing to compare.
   *
   * @param comparison what the comparison came to; {@code null} if there was none
   * @throws llmload.config.ConfigException if the manifest's {@code failOn} or limits are unusable
   */
  public static GradedRun grade(
      RunManifest manifest, RunMeasurements run, @Nullable BaselineComparison comparison) {
    FailOn failOn = FailOn.parse(manifest.failOn());
    List<TargetVerdict> targets =
        manifest.targets().stream().map(target -> TargetJudge.judge(target, run)).toList();
    List<ValidityRules.Finding> findings =
        ValidityRules.findings(manifest, run, ValidityLimits.of(manifest.validityLimits()));
    Score score = Score.of(targets);
    Failures failures = new Failures();
    failures.validity(findings, run);
    failures.targets(targets, failOn);
    failures.grade(score, failOn);
    failures.regression(comparison, failOn);
    Validity validity =
        findings.stream()
            .map(ValidityRules.Finding::validity)
            .reduce(Validity.VALID, Validity::worse);
    return new GradedRun(
        targets,
        new Verdict(
            validity,
            findings.stream().map(ValidityRules.Finding::sentence).toList(),
            score.grade(),
            score.metCount(),
            score.judgedCount(),
            comparison == null ? Regression.NONE : comparison.regression(),
            exitCode(failures, run.footer()),
            failures.lines));
  }

  private static int exitCode(Failures failures, @Nullable JournalFooter footer) {
    String signal = footer == null ? null : footer.interruptedBy();
    if ("SIGINT".equals(signal)) {
      return ExitCode.SIGINT;
    }
    return "SIGTERM".equals(signal) ? ExitCode.SIGTERM : failures.exitCode;
  }

  /**
   * How many graded targets were met.
   *
   * @param metCount of these, met
   * @param judgedCount met or missed; a required target without a clear answer is a missed one,
   *     unless nothing at all could be judged
   */
  private record Score(int metCount, int judgedCount) {

    static Score of(List<TargetVerdict> targets) {
      int met = 0;
      int missed = 0;
      int requiredUnclear = 0;
      for (TargetVerdict verdict : targets) {
        if (!verdict.target().graded()) {
          continue;
        }
        switch (verdict.result()) {
          case MET -> met++;
          case MISSED -> missed++;
          case NO_DATA, INCONCLUSIVE -> requiredUnclear += verdict.target().required() ? 1 : 0;
        }
      }
      int clear = met + missed;
      return new Score(met, clear == 0 ? 0 : clear + requiredUnclear);
    }

    Grade grade() {
      return Grade.of(metCount, judgedCount);
    }
  }

  /** Why a run fails, and the first of the exit codes in the order in which they are asked for. */
  private static final class Failures {
    private final List<String> lines = new ArrayList<>();
    private int exitCode = ExitCode.PASS;

    private void add(int code, String line) {
      lines.add(line);
      if (exitCode == ExitCode.PASS) {
        exitCode = code;
      }
    }

    void validity(List<ValidityRules.Finding> findings, RunMeasurements run) {
      for (ValidityRules.Finding finding : findings) {
        if (!finding.validity().isUsable()) {
          add(ExitCode.INVALID, "run " + finding.validity() + ": " + finding.sentence());
        }
      }
      if (run.counts().okCount() == 0 && run.counts().failedCount() > 0) {
        add(
            ExitCode.INVALID,
            "nothing succeeded: 0 of "
                + run.counts().startedCount()
                + " requests were OK. See the errors by class.");
      }
    }

    void targets(List<TargetVerdict> targets, FailOn failOn) {
      for (TargetVerdict verdict : targets) {
        Target target = verdict.target();
        boolean missed = verdict.result() == Result.MISSED;
        boolean asRequired =
            failOn.required() && target.required() && verdict.result() != Result.MET;
        boolean asAny = failOn.targets() && target.graded() && missed;
        if (asRequired || asAny) {
          add(ExitCode.TARGET_MISSED, line(verdict));
        }
      }
    }

    void grade(Score score, FailOn failOn) {
      Grade floor = failOn.gradeFloor();
      if (floor != null && score.grade().isWorseThan(floor)) {
        add(
            ExitCode.TARGET_MISSED,
            "grade %s is worse than %s: %s of %s targets met"
                .formatted(score.grade(), floor, score.metCount(), score.judgedCount()));
      }
    }

    void regression(@Nullable BaselineComparison comparison, FailOn failOn) {
      if (failOn.regression() && comparison != null) {
        String line = RegressionLine.of(comparison);
        if (line != null) {
          add(
              comparison.regression() == Regression.NOT_COMPARABLE
                  ? ExitCode.NOT_COMPARABLE
                  : ExitCode.REGRESSION,
              line);
        }
      }
    }

    private static String line(TargetVerdict verdict) {
      Target target = verdict.target();
      String name =
          (target.required() ? "required target " : "target ")
              + NumberText.of(target)
              + " ("
              + target.scope()
              + "): ";
      Double measured = verdict.measured();
      if (verdict.result() != Result.MISSED || measured == null) {
        return name + verdict.result() + ", " + verdict.reason();
      }
      double limit =
          target.upper() != null && measured > target.upper() ? target.upper() : target.value();
      return name + "measured " + NumberText.against(measured, limit) + " " + target.unit();
    }
  }
}
