package llmload.run;

import java.util.Map;
import java.util.Optional;

/** Settings of a simulation's own that also decide defaults of the run. */
public interface OwnDefaults {
  /** The target files that the run is held to unless the user names others. */
  default Optional<String> targets() {
    return Optional.empty();
  }

  /** Whether it searches vectors beside what it asks a model. */
  default boolean searches() {
    return false;
  }

  /**
   * Numbers for the embedded server's simulated engine, keys without {@code engine.}; what the user
   * gives stays.
   */
  default Map<String, String> engine() {
    return Map.of();
  }
}
