package llmload.run;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables that agent-memory's benchmarks document, as llmload's own; one that is
 * set under llmload's name counts more. They count only for the simulations of that suite.
 */
final class AgentMemoryVariables {
  private static final Set<String> WORKLOADS = Set.of("agents", "cache", "memory", "soak");
  private static final Set<String> NO = Set.of("", "0", "false", "no", "off");
  private static final String PREFIX = "SEMANTIC_BENCHMARK_";

  private AgentMemoryVariables() {}

  /** The environment with what those variables ask for. */
  static Map<String, String> translated(Map<String, String> environment, Workload workload) {
    if (workload.fixedName() == null || !WORKLOADS.contains(workload.fixedName())) {
      return environment;
    }
    Map<String, String> translated = new HashMap<>(environment);
    String quick = environment.getOrDefault(PREFIX + "QUICK", "");
    put(translated, "LLM_MODEL", environment.get(PREFIX + "MODEL"));
    put(translated, "LLM_BENCHMARK_OUTPUT", environment.get(PREFIX + "OUTPUT"));
    put(translated, "LLM_PROFILE", NO.contains(quick.toLowerCase(Locale.ROOT)) ? null : "quick");
    return translated;
  }

  private static void put(Map<String, String> into, String name, @Nullable String value) {
    if (value != null && !value.isBlank() && into.getOrDefault(name, "").isBlank()) {
      into.put(name, value);
    }
  }
}
