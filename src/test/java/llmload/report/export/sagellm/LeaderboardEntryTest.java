package llmload.report.export.sagellm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import llmload.metrics.ContractTally;
import llmload.metrics.ServerFigures;
import llmload.model.LoadPlan;
import llmload.model.RunManifest;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaderboardEntryTest {
  private static JsonNode budget(@Nullable String engine, Map<String, String> settings) {
    RunManifest manifest =
        new RunManifest(
            "run",
            "llmload.simulations.ContractSimulation",
            Instant.parse("2026-01-01T00:00:00Z"),
            null,
            null,
            new TargetServer("http://gpu:8000", "openai-chat", "own-model", engine, null),
            new LoadPlan("contract", "closed", 1, null, null, 1L, null, true, 1L),
            List.of(),
            List.of(),
            Map.of(),
            settings,
            Map.of(),
            null,
            List.of());
    WorkloadRow row =
        new WorkloadRow("", "stress_test", "stress", 256L, 256L, 10L, new ContractTally(false));
    return new LeaderboardEntry(manifest, row, ServerFigures.NONE)
        .node()
        .at("/kv_cache_config/budget_tokens");
  }

  @Test
  void budget_isThatOfTheEngineWhichTakesIt() {
    Map<String, String> settings = Map.of("contract.kvBudget", "4096");

    assertThat(budget("simulated", settings).asLong()).isEqualTo(4096);
    assertThat(budget("simulated", Map.of()).isNull()).isTrue();
    // A server of the user's own, and the real model, have a cache that no setting of ours sizes.
    assertThat(budget(null, settings).isNull()).isTrue();
    assertThat(budget("llama", settings).isNull()).isTrue();
  }
}
