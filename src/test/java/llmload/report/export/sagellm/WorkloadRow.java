package llmload.report.export.sagellm;

import java.util.Map;
import llmload.metrics.ContractTally;
import llmload.metrics.ContractVerdict;
import llmload.metrics.ServerFigures;
import llmload.model.RunManifest;
import org.jspecify.annotations.Nullable;

/**
 * One workload as one server answered it.
 *
 * @param endpoint the server's label; empty where the run has only one
 * @param workload the workload's name, which its files bear
 * @param kind what it is there to show, in a word
 * @param inputTokens the declared length of its prompts; {@code null} if none was declared
 * @param outputTokens the declared length of its answers, likewise
 * @param concurrencyCount requests in flight at once, likewise
 * @param tally its requests
 */
record WorkloadRow(
    String endpoint,
    String workload,
    String kind,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Long concurrencyCount,
    ContractTally tally) {

  /** The 22 fields of the suite's document. */
  Map<String, @Nullable Number> document(RunManifest manifest, ServerFigures server) {
    return tally.document(server, anchorSeconds(manifest));
  }

  /** The fields of its newer code. */
  Map<String, @Nullable Number> current(RunManifest manifest, ServerFigures server) {
    return tally.current(server, anchorSeconds(manifest));
  }

  ContractVerdict verdict(RunManifest manifest, ServerFigures server) {
    return ContractVerdict.of(
        manifest.settings().getOrDefault("contract.year", "none"),
        manifest.targets(),
        document(manifest, server));
  }

  private static double anchorSeconds(RunManifest manifest) {
    return manifest.startedAt().toEpochMilli() / 1e3;
  }
}
