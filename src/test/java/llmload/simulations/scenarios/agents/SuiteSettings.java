package llmload.simulations.scenarios.agents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import llmload.config.SettingsReader;

/** What the settings of several suites have in common. */
final class SuiteSettings {
  /** Where the file of results is written too, and kept from one run to the next. */
  private static final String OUTPUT = "benchmarkOutput";

  private SuiteSettings() {}

  /** Whole numbers above 0, ascending and each once. */
  static List<Integer> numbers(
      SettingsReader settings, String key, List<String> fallback, int most) {
    List<String> words = settings.list(key, fallback);
    List<Integer> numbers = new ArrayList<>();
    for (String word : words) {
      int last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
      if (!word.matches("\\d{1,9}")
          || Integer.parseInt(word) <= last
          || Integer.parseInt(word) > most) {
        settings.reject(key, "whole numbers from 1 to " + most + ", ascending, such as 1,3,5");
        return List.of(1);
      }
      numbers.add(Integer.parseInt(word));
    }
    if (numbers.isEmpty()) {
      settings.reject(key, "at least one whole number");
      return List.of(1);
    }
    return List.copyOf(numbers);
  }

  /** Makes the key known; the exporter reads it from the run's record. */
  static Optional<String> output(SettingsReader settings) {
    return settings.text(OUTPUT);
  }
}
