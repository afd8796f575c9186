package llmload.run;

import java.util.List;
import java.util.Optional;
import llmload.config.SettingsReader;
import llmload.model.RequestKind;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation sends, where the setting {@code kind} does not decide it.
 *
 * @param fixedName the word for it in reports; {@code null} for the kind's
 * @param fixedKind the kind of its requests; {@code null} if the setting decides
 * @param openAllowed whether an arrival rate makes sense for it
 * @param targets the target files that it is held to by default; {@code null} for those of what is
 *     sent
 * @param exports the exports that it writes by default
 * @param own the settings of its own; {@code null} if it has none
 * @param ownEnd whether its own settings alone say how much it sends, and not {@code requests} and
 *     {@code duration}
 * @param alerting whether alerts are raised unless the user says otherwise
 */
public record Workload(
    @Nullable String fixedName,
    @Nullable RequestKind fixedKind,
    boolean openAllowed,
    @Nullable String targets,
    List<String> exports,
    @Nullable OwnSettings<?> own,
    boolean ownEnd,
    boolean alerting) {
  /** The setting decides. */
  public static final Workload OF_SETTINGS =
      new Workload(null, null, true, null, List.of(), null, false, false);

  /** Requests of one kind. */
  public static Workload of(RequestKind kind) {
    return new Workload(null, kind, true, null, List.of(), null, false, false);
  }

  /** Generation requests of several kinds or in a pattern of their own, sent by users. */
  public static Workload closed(String name) {
    return new Workload(name, RequestKind.CHAT, false, null, List.of(), null, false, false);
  }

  /** The same with settings of its own. */
  public Workload with(OwnSettings<?> settings) {
    return new Workload(
        fixedName, fixedKind, openAllowed, targets, exports, settings, ownEnd, alerting);
  }

  /** The same, held to these target files unless the user names others. */
  public Workload heldTo(String targetFiles) {
    return new Workload(
        fixedName, fixedKind, openAllowed, targetFiles, exports, own, ownEnd, alerting);
  }

  /** The same, with these exports unless the user names others. */
  public Workload exporting(String... ids) {
    return new Workload(
        fixedName, fixedKind, openAllowed, targets, List.of(ids), own, ownEnd, alerting);
  }

  /** The same, whose own settings say how much it sends. */
  public Workload endingItself() {
    return new Workload(fixedName, fixedKind, openAllowed, targets, exports, own, true, alerting);
  }

  /** The same, watched for alerts unless the user says otherwise. */
  public Workload withAlerts() {
    return new Workload(fixedName, fixedKind, openAllowed, targets, exports, own, ownEnd, true);
  }

  RequestKind kind(RequestKind ofSettings) {
    return fixedKind == null ? ofSettings : fixedKind;
  }

  String name(RequestKind kind) {
    return fixedName == null ? kind.id() : fixedName;
  }

  /** Its word where the simulation alone decides it, and no setting. */
  Optional<String> word() {
    return fixedName != null
        ? Optional.of(fixedName)
        : Optional.ofNullable(fixedKind).map(RequestKind::id);
  }

  /** What it needs of the server beside an answer, once its settings are read. */
  Optional<ServerNeeds> needs() {
    return own == null ? Optional.empty() : own.needs();
  }

  /** The target file whose every target such a run can answer. */
  String defaultTargets(RequestKind kind, boolean streams) {
    if (targets != null) {
      return targets;
    }
    if (kind.isGeneration() && !streams) {
      return "whole";
    }
    return switch (kind) {
      case HEALTH, MODELS, RETRIEVAL -> kind.id();
      case STRUCTURED -> "smoke";
      default -> "smoke".equals(fixedName) ? "smoke" : "text";
    };
  }

  /** Tells what the user asked for and cannot have. */
  void problem(SettingsReader settings, RequestKind kind, boolean open) {
    Optional<String> asked = settings.text("kind");
    if (fixedKind != null && asked.isPresent()) {
      settings.problem(
          "llm.kind: Expecting it only with LoadSimulation; this simulation sends "
              + name(kind)
              + ". Found: "
              + asked.get()
              + ".");
    }
    for (String key : ownEnd ? List.of("requests", "duration") : List.<String>of()) {
      settings
          .text(key)
          .ifPresent(
              given ->
                  settings.problem(
                      "llm.%s: Expecting it not with %s, whose own settings say how much it sends. Found: %s."
                          .formatted(key, name(kind), given)));
    }
    if (open && (!openAllowed || kind == RequestKind.CONVERSATION)) {
      settings.problem(
          "llm.rate: Expecting users (a closed load) for "
              + name(kind)
              + ", whose requests wait for one another. Found: a rate.");
    }
  }
}
