package llmload.grading;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import llmload.model.GatlingCount;
import llmload.model.InjectorHealth;
import llmload.model.JournalFooter;
import llmload.model.RunCounts;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.Validity;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run's numbers are the server's: judged by the injector's health and the journal's
 * completeness, never by the numbers themselves.
 */
final class ValidityRules {
  /** Below this, a clock that drifts says nothing: the granularity of a wall clock. */
  private static final double LEAST_CLOCK_DRIFT_MILLIS = 50;

  private static final String FIVEFOLD_REMEDY = " Lower the load, or use more injectors.";

  /** Gatling's name for the pseudo-request that shows a stream's time to first token. */
  private static final String TTFT_SUFFIX = " TTFT";

  private final RunManifest manifest;
  private final RunMeasurements run;
  private final ValidityLimits limits;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * One thing that speaks against a run.
   *
   * @param validity what it makes of the run
   * @param sentence what was found, the limit, and what to do
   */
  record Finding(Validity validity, String sentence) {}

  private ValidityRules(RunManifest manifest, RunMeasurements run, ValidityLimits limits) {
    this.manifest = manifest;
    this.run = run;
    this.limits = limits;
  }

  /** Everything that speaks against the run, worst first; empty if it is VALID. */
  static List<Finding> findings(RunManifest manifest, RunMeasurements run, ValidityLimits limits) {
    ValidityRules rules = new ValidityRules(manifest, run, limits);
    rules.measured();
    rules.ended();
    rules.recorded();
    rules.counted();
    rules.injected();
    rules.clocked();
    rules.served();
    rules.findings.sort((a, b) -> b.validity().compareTo(a.validity()));
    return List.copyOf(rules.findings);
  }

  private void add(Validity validity, String sentence) {
    findings.add(new Finding(validity, sentence));
  }

  private void measured() {
    RunCounts counts = run.counts();
    if (counts.okCount() + counts.failedCount() == 0) {
      add(
          Validity.NO_DATA,
          "Nothing was measured: of %s started requests none ended, neither OK nor failed."
                  .formatted(counts.startedCount())
              + " Ask for more requests or a longer duration.");
    }
  }

  private void ended() {
    JournalFooter footer = run.footer();
    if (footer == null) {
      add(
          Validity.PARTIAL,
          "The journal has no footer: the run ended before it could close its record, and only"
              + " the "
              + run.injector().journalRowCount()
              + " requests on disk are counted. Run it again to its end.");
    } else if (footer.interruptedBy() != null) {
      add(
          Validity.PARTIAL,
          "The run was ended early by "
              + footer.interruptedBy()
              + ": the numbers cover what was sent until then. Run it again to its end.");
    }
  }

  private void recorded() {
    InjectorHealth health = run.injector();
    JournalFooter footer = run.footer();
    long lost = Math.max(health.lostRecordCount(), footer == null ? 0 : footer.lostCount());
    if (lost > 0) {
      add(
          Validity.INVALID,
          lost
              + " records never reached the journal, and none may be lost. Check the disk's space"
              + " and speed.");
    }
    if (health.journalTornCount() > 0) {
      add(
          Validity.INVALID,
          health.journalTornCount()
              + " journal lines could not be read, and none may be torn. Check the disk, and that"
              + " nothing else wrote to the file.");
    }
    if (footer == null) {
      return;
    }
    if (health.journalRowCount() != footer.startedCount()) {
      add(
          Validity.INVALID,
          "The journal has %s rows, its footer says %s. Requests are missing or repeated."
                  .formatted(health.journalRowCount(), footer.startedCount())
              + " Analyse an unedited copy of the journal.");
    } else if (!agree(footer, run.counts())) {
      add(
          Validity.INVALID,
          "The journal's rows give %s, its footer says %s. Analyse an unedited copy of the journal."
              .formatted(
                  outcomes(
                      run.counts().okCount(),
                      run.counts().failedCount(),
                      run.counts().incompleteCount()),
                  outcomes(footer.okCount(), footer.failedCount(), footer.incompleteCount())));
    }
  }

  private static boolean agree(JournalFooter footer, RunCounts counts) {
    return footer.okCount() == counts.okCount()
        && footer.failedCount() == counts.failedCount()
        && footer.incompleteCount() == counts.incompleteCount();
  }

  private static String outcomes(long ok, long failed, long incomplete) {
    return ok + " ok, " + failed + " failed and " + incomplete + " incomplete";
  }

  private void counted() {
    boolean whole = run.footer() != null && run.footer().interruptedBy() == null;
    boolean measured = run.counts().okCount() + run.counts().failedCount() > 0;
    if (!whole || !measured) {
      // Gatling's own log is cut short as well, so that a difference would prove nothing.
      return;
    }
    Map<String, GatlingCount> gatling = manifest.gatling();
    if (gatling == null) {
      add(
          Validity.DEGRADED,
          "Gatling's own counts could not be read, so that nothing confirms the journal's."
              + " Keep simulation.log in the run's folder.");
      return;
    }
    Map<String, GatlingCount> journal = run.journalRequestCounts();
    TreeSet<String> names = new TreeSet<>(journal.keySet());
    names.addAll(gatling.keySet());
    names.removeIf(name -> isPseudo(name, journal));
    GatlingCount none = new GatlingCount(0, 0);
    for (String name : names) {
      GatlingCount theirs = Objects.requireNonNullElse(gatling.get(name), none);
      GatlingCount ours = Objects.requireNonNullElse(journal.get(name), none);
      if (!theirs.equals(ours)) {
        add(
            Validity.INVALID,
            "Gatling counted %s OK and %s KO requests named %s, the journal %s OK and %s failed."
                    .formatted(
                        theirs.okCount(), theirs.koCount(), name, ours.okCount(), ours.koCount())
                + " One of the two lost some: do not use this run.");
      }
    }
  }

  private static boolean isPseudo(String name, Map<String, GatlingCount> journal) {
    return !journal.containsKey(name)
        && name.endsWith(TTFT_SUFFIX)
        && journal.containsKey(name.substring(0, name.length() - TTFT_SUFFIX.length()));
  }

  private void injected() {
    InjectorHealth health = run.injector();
    boolean measured = run.counts().okCount() + run.counts().failedCount() > 0;
    if (measured && health.eventLoopLagMaxMillis() == null && health.gcPauseMaxMillis() == null) {
      add(
          Validity.DEGRADED,
          "The injector's event-loop lag and GC pauses were not recorded, so that nobody can say"
              + " it kept up. Keep telemetry.jsonl in the run's folder.");
    }
    upperLimit(
        "The injector sent its requests late: send lag p99",
        health.sendLagP99Millis(),
        limits.sendLagP99Millis(),
        5,
        FIVEFOLD_REMEDY);
    upperLimit(
        "The injector's event loop stood still for",
        health.eventLoopLagMaxMillis(),
        limits.eventLoopLagMillis(),
        2.5,
        " Lower the load, or give the injector more cores.");
    upperLimit(
        "The injector paused for garbage collection for",
        health.gcPauseMaxMillis(),
        limits.gcPauseMillis(),
        5,
        " Give the injector more heap.");
    achieved(health.achievedRatio());
  }

  private void upperLimit(
      String what, @Nullable Double millis, double limit, double invalidFactor, String remedy) {
    if (millis == null || millis <= limit) {
      return;
    }
    double invalid = limit * invalidFactor;
    add(
        millis >= invalid ? Validity.INVALID : Validity.DEGRADED,
        "%s %s ms, the limit is %s ms (%s ms is invalid).%s"
            .formatted(
                what,
                NumberText.against(millis, limit),
                NumberText.of(limit),
                NumberText.of(invalid),
                remedy));
  }

  private void achieved(@Nullable Double ratio) {
    double limit = limits.achievedRatio();
    if (ratio == null || ratio >= limit) {
      return;
    }
    double invalid = Math.max(0, 1 - 5 * (1 - limit));
    add(
        ratio < invalid ? Validity.INVALID : Validity.DEGRADED,
        "The injector sent %s of the planned arrivals, the limit is %s (below %s is invalid).%s"
            .formatted(
                NumberText.against(ratio, limit),
                NumberText.of(limit),
                NumberText.of(invalid),
                FIVEFOLD_REMEDY));
  }

  /** What a server did before it began anew is no longer what it does. */
  private void served() {
    for (String restart : run.telemetry().restarts()) {
      add(
          Validity.DEGRADED,
          restart + " Its caches and counters are new since then: find out why, and run it again.");
    }
  }

  private void clocked() {
    Double drift = run.injector().clockDriftMillis();
    double limit = run.durationSeconds() * 1000 * limits.clockDriftRatio();
    if (drift != null && Math.abs(drift) > limit && Math.abs(drift) > LEAST_CLOCK_DRIFT_MILLIS) {
      add(
          Validity.DEGRADED,
          "The wall clock moved %s ms against the monotonic clock, the limit is %s ms. Durations"
                  .formatted(
                      NumberText.of(drift),
                      NumberText.of(Math.max(limit, LEAST_CLOCK_DRIFT_MILLIS)))
              + " are right, but telemetry may be joined at the wrong moment: synchronise the"
              + " machine's clock.");
    }
  }
}
