package llmload.simulations.scenarios;

import java.util.List;
import llmload.config.SettingsReader;

/**
 * The settings {@code llm.structuredVsUnstructured.*}.
 *
 * @param repetitions pairs of each case and model
 * @param models the models to compare on; empty for the run's own
 */
public record StructuredPairsSettings(int repetitions, List<String> models) {
  /** Copies the list. */
  public StructuredPairsSettings {
    models = List.copyOf(models);
  }

  /** Reads them. */
  public static StructuredPairsSettings read(SettingsReader settings) {
    return new StructuredPairsSettings(
        settings.integer("structuredVsUnstructured.repetitions", 10, 1, 10_000),
        settings.list("structuredVsUnstructured.models").orElse(List.of()));
  }
}
