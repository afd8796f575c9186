package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentMemoryVariablesTest {
  private static final Workload CACHE = Workload.closed("cache");

  @Test
  void allThree_standForOurOwn() {
    assertThat(
            AgentMemoryVariables.translated(
                Map.of(
                    "SEMANTIC_BENCHMARK_MODEL", "gemma",
                    "SEMANTIC_BENCHMARK_OUTPUT", "out/all.json",
                    "SEMANTIC_BENCHMARK_QUICK", "1"),
                CACHE))
        .containsEntry("LLM_MODEL", "gemma")
        .containsEntry("LLM_BENCHMARK_OUTPUT", "out/all.json")
        .containsEntry("LLM_PROFILE", "quick");
  }

  @Test
  void ourOwnName_countsMore() {
    assertThat(
            AgentMemoryVariables.translated(
                Map.of("SEMANTIC_BENCHMARK_MODEL", "gemma", "LLM_MODEL", "mine"), CACHE))
        .containsEntry("LLM_MODEL", "mine");
  }

  @Test
  void quickThatSaysNo_andOtherSimulations_changeNothing() {
    Map<String, String> no = Map.of("SEMANTIC_BENCHMARK_QUICK", "false");
    assertThat(AgentMemoryVariables.translated(no, CACHE)).isEqualTo(no);
    Map<String, String> yes = Map.of("SEMANTIC_BENCHMARK_QUICK", "1");
    assertThat(AgentMemoryVariables.translated(yes, Workload.OF_SETTINGS)).isEqualTo(yes);
  }
}
