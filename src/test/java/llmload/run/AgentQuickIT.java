package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulations of agents and caches with the profile quick, on the real model. */
class AgentQuickIT {
  @TempDir private Path results;

  private FinishedRun quick(String simulation) {
    FinishedRun run =
        RunProcess.in(results)
            .simulation("llmload.simulations." + simulation)
            .set("profile", "quick")
            .finish();
    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.report().at("/target/engine").asText()).isEqualTo("llama");
    assertThat(run.count("ok")).isGreaterThanOrEqualTo(20);
    assertThat(run.count("failed")).isZero();
    return run;
  }

  private static List<JsonNode> of(FinishedRun run, String request) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(request))
        .toList();
  }

  private static List<JsonNode> cells(FinishedRun run, String table, String column) {
    for (JsonNode found : run.report().at("/suite/tables")) {
      if (found.path("id").asText().equals(table)) {
        List<JsonNode> cells = new ArrayList<>();
        found.path("rows").forEach(row -> cells.add(row.path(column)));
        return cells;
      }
    }
    throw new AssertionError(table + ": Expecting a table. Found: " + run.report().at("/suite"));
  }

  @Test
  void agents_oneThreeAndFive_areAllMeasured() {
    FinishedRun run = quick("AgentBatchingSimulation");

    // 5 waves of 1, 3 and 5.
    assertThat(of(run, "agents_1")).hasSize(5);
    assertThat(of(run, "agents_3")).hasSize(15);
    assertThat(of(run, "agents_5")).hasSize(25);
    assertThat(cells(run, "throughput_comparison", "speedup"))
        .hasSize(3)
        .allMatch(JsonNode::isNumber);
  }

  @Test
  void caches_areColdFirst_andWarmWhereTheSlotStillHasTheirBeginning() {
    FinishedRun run = quick("CacheResumeSimulation");

    for (int size : new int[] {200, 400, 800}) {
      assertThat(of(run, "cold_" + size)).hasSize(5);
      assertThat(of(run, "warm_" + size)).hasSize(5);
    }
    assertThat(cells(run, "cache_by_size", "speedup")).hasSize(3).allMatch(JsonNode::isNumber);
    // This engine neither saves nor loads: such numbers are absent, and not 0.
    assertThat(cells(run, "cache_by_size", "save")).allMatch(JsonNode::isNull);
    assertThat(run.report().at("/metrics/200_tokens/cache_load/count").asInt()).isZero();
    assertThat(run.report().at("/metrics/200_tokens/cache_load/notMeasured").asText())
        .contains("prefix, has no such operation");
  }

  @Test
  void memory_ofTheServersProcess_isReadAtEachStep() {
    FinishedRun run = quick("MemorySimulation");

    // Two turns of 10 sessions.
    assertThat(run.count("ok")).isEqualTo(20);
    assertThat(cells(run, "memory_scaling", "sessions"))
        .extracting(JsonNode::asInt)
        .containsExactly(1, 5, 10);
    // A Java process with a model in it: between 50 MiB and 4 GiB.
    assertThat(cells(run, "memory_scaling", "total_memory"))
        .allSatisfy(cell -> assertThat(cell.asDouble()).isBetween(50.0, 4_096.0));
    assertThat(run.report().at("/suite/remarks/0").asText())
        .isEqualTo("Memory is by the resident memory of the server's process.");
  }

  @Test
  void soak_comparesItsWindows() {
    FinishedRun run = quick("SoakSimulation");

    assertThat(run.count("ok")).isEqualTo(120);
    assertThat(cells(run, "soak_windows", "window"))
        .extracting(JsonNode::asText)
        .containsExactly("first", "last");
    assertThat(run.report().at("/metrics/all/e2e_p95_drift/value").isNumber())
        .as(run.report().at("/suite").toString())
        .isTrue();
    assertThat(run.report().at("/metrics/all/memory_leak_slope/value").isNumber()).isTrue();
  }
}
