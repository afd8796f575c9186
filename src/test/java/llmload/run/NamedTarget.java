package llmload.run;

import org.jspecify.annotations.Nullable;

/**
 * One of the servers that a run lays side by side.
 *
 * @param label what reports call it
 * @param baseUrl its URL
 * @param model the model to ask for; {@code null} to name none
 */
public record NamedTarget(String label, String baseUrl, @Nullable String model) {
  /** The label of the only server, where a run names no several. */
  public static final String DEFAULT_LABEL = "default";
}
