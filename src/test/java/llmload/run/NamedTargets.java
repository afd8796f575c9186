package llmload.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import llmload.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/** The setting {@code endpoints}: {@code LABEL=URL} or {@code LABEL=MODEL@URL}, comma-separated. */
final class NamedTargets {
  private static final String FORM = "LABEL=URL or LABEL=MODEL@URL, each label once";

  private NamedTargets() {}

  /**
   * The servers that the setting names, in its order; empty where it is not given.
   *
   * @param model the model of those that name none themselves
   */
  static List<NamedTarget> read(SettingsReader settings, @Nullable String model) {
    List<NamedTarget> targets = new ArrayList<>();
    TreeSet<String> labels = new TreeSet<>();
    for (String part : settings.list("endpoints").orElse(List.of())) {
      Optional<NamedTarget> target = parse(part, model);
      if (target.isPresent() && labels.add(target.get().label())) {
        targets.add(target.get());
      } else {
        // Shown without its URL, which may hold what nobody should read.
        String label = part.contains("=") ? part.substring(0, part.indexOf('=')) : "no label";
        settings.problem("llm.endpoints: Expecting " + FORM + ". Found: " + label + ".");
      }
    }
    return targets;
  }

  private static Optional<NamedTarget> parse(String part, @Nullable String model) {
    int equals = part.indexOf('=');
    if (equals < 1 || !part.substring(0, equals).matches("[A-Za-z0-9._-]{1,40}")) {
      return Optional.empty();
    }
    String label = part.substring(0, equals);
    String rest = part.substring(equals + 1).strip();
    int at = rest.indexOf("@http");
    String url = at < 0 ? rest : rest.substring(at + 1);
    return TargetSettings.isHttpUrl(url)
        ? Optional.of(new NamedTarget(label, url, at > 0 ? rest.substring(0, at) : model))
        : Optional.empty();
  }
}
