package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulations of agents and caches, in processes of their own, on the simulated engine. */
class AgentSuitesIT {
  @TempDir private Path results;

  private RunProcess simulated(String simulation) {
    return RunProcess.in(results)
        .simulation("llmload.simulations." + simulation)
        .set("engine", "simulated")
        .set("engine.prefillTokensPerSecond", 10_000)
        .set("engine.sessionFolder", results.resolve("sessions"))
        .set("warmUp", 1);
  }

  private static JsonNode export(FinishedRun run) throws IOException {
    Path file = run.folder().resolve("exports/benchmark_results.json");
    return new ObjectMapper().readTree(Files.readString(file));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((sorted.size() - 1) / 2);
  }

  private static List<Double> millis(FinishedRun run, String request, String stamp) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(request))
        .map(line -> line.path(stamp).asDouble() / 1e6)
        .toList();
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    Iterator<String> all = node.fieldNames();
    all.forEachRemaining(names::add);
    return names;
  }

  @Test
  void cache_ofAgentMemory_isSavedLoadedAndResumedForReal() throws IOException {
    Path together = results.resolve("together/benchmark_results.json");
    Files.createDirectories(together.getParent());
    Files.writeString(together, "{\"results\":{\"memory_scaling\":[{\"num_agents\":1}]}}");
    FinishedRun run =
        simulated("CacheResumeSimulation")
            .set("cache.dialect", "agent-memory")
            .set("cache.sizes", "1000,2000")
            .set("cache.maxTokens", 4)
            .environment("SEMANTIC_BENCHMARK_OUTPUT", together.toString())
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    // 2 sizes, 5 rounds of cold, hot, unload, load, unload, warm, delete.
    assertThat(run.count("ok")).isEqualTo(2 * 5 * 7);
    // The folder of files was deleted with the server.
    assertThat(results.resolve("sessions")).isEmptyDirectory();
    // A prompt of P tokens takes P / 10,000 s cold; warm and hot all but its last token are held.
    List<JsonNode> cold = of(run, "cold_1000");
    assertThat(cold)
        .allSatisfy(line -> assertThat(line.path("cachedTokens").asInt()).isZero())
        .allSatisfy(
            line ->
                assertThat(line.path("firstContentNanos").asDouble() / 1e5)
                    .isGreaterThan(line.path("inputTokens").asDouble()));
    for (String resumed : List.of("warm_1000", "hot_1000")) {
      assertThat(of(run, resumed))
          .hasSize(5)
          .allSatisfy(
              line ->
                  assertThat(line.path("cachedTokens").asInt())
                      .isEqualTo(line.path("inputTokens").asInt() - 1));
    }
    JsonNode all = export(run).path("results");
    double coldMillis = median(millis(run, "cold_1000", "firstContentNanos"));
    double warmMillis = median(millis(run, "warm_1000", "firstContentNanos"));
    JsonNode comparison = all.path("cold_vs_cache_comparison");
    assertThat(comparison.path("cold_start_ms").asDouble()).isCloseTo(coldMillis, within(1e-6));
    assertThat(comparison.path("cache_resume_ms").asDouble()).isCloseTo(warmMillis, within(1e-6));
    assertThat(comparison.path("speedup").asDouble())
        .isCloseTo(coldMillis / warmMillis, within(1e-6));
    assertThat(all.at("/cache_load_time_by_size/1000_tokens").asDouble())
        .isCloseTo(median(millis(run, "load_1000", "endNanos")), within(1e-6));
    assertThat(names(all.path("cache_save_time_by_size")))
        .containsExactly("1000_tokens", "2000_tokens");
    assertThat(all.path("memory_scaling").isNull()).isTrue();
    // What other runs left in the common file stays.
    JsonNode common = new ObjectMapper().readTree(Files.readString(together)).path("results");
    assertThat(common.at("/memory_scaling/0/num_agents").asInt()).isEqualTo(1);
    assertThat(common.path("cold_vs_cache_comparison")).isEqualTo(comparison);
  }

  private static List<JsonNode> of(FinishedRun run, String request) {
    return run.requests("measure").stream()
        .filter(line -> line.path("request").asText().equals(request))
        .toList();
  }

  @Test
  void cache_ofLlamaCpp_goesThroughItsSlots() throws IOException {
    FinishedRun run =
        simulated("CacheResumeSimulation")
            .set("cache.dialect", "llama.cpp")
            .set("cache.sizes", "1000")
            .set("cache.maxTokens", 4)
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    // 5 rounds of cold, save, hot, unload, load, warm, delete.
    assertThat(run.count("ok")).isEqualTo(35);
    double load = median(millis(run, "load_1000", "endNanos"));
    double warm = median(millis(run, "warm_1000", "firstContentNanos"));
    JsonNode all = export(run).path("results");
    assertThat(all.at("/cold_vs_cache_comparison/cache_resume_ms").asDouble())
        .isCloseTo(load + warm, within(1e-6));
    assertThat(all.at("/cache_save_time_by_size/1000_tokens").asDouble())
        .isCloseTo(median(millis(run, "save_1000", "endNanos")), within(1e-6));
  }

  @Test
  void memory_ofSessions_isALineOfTheirBlocks() throws IOException {
    FinishedRun run =
        simulated("MemorySimulation")
            .set("memory.dialect", "agent-memory")
            .set("memory.sessions", "1,3")
            .set("memory.settle", "100ms")
            .set("engine.kvBytesPerToken", 2_048)
            .set("engine.sessionBlockTokens", 4_096)
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    // A block of 4,096 tokens x 2,048 bytes is 8 MiB, and each session of some 1,000 takes one.
    JsonNode scaling = export(run).at("/results/memory_scaling");
    assertThat(scaling.at("/0/cache_memory_mb").asDouble()).isEqualTo(8);
    assertThat(scaling.at("/1/cache_memory_mb").asDouble()).isEqualTo(24);
    assertThat(scaling.at("/1/memory_per_agent_mb").asDouble()).isEqualTo(8);
    JsonNode metrics = run.report().at("/metrics/sessions_3");
    assertThat(metrics.at("/memory_overhead/value").asDouble()).isZero();
    assertThat(metrics.at("/padding_overhead/value").asDouble()).isGreaterThan(1);
  }

  @Test
  void agents_ofAnEngineThatBatches_gainWhatItsModelOfLatencySays() throws IOException {
    FinishedRun run =
        simulated("AgentBatchingSimulation")
            .set("engine.ttftBase", "10ms")
            .set("engine.decodeStep", "40ms")
            .set("engine.decodeStepPerSequence", "4ms")
            .set("agents.requestsPerAgent", 2)
            .set("agents.maxTokens", 21)
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    // Of 21 tokens 20 follow the first, a step of 40 + 4 (B − 1) ms each. One agent: 10 + 800 ms;
    // three: 10 + 960 ms for three times the tokens, 2.5 times as many a second; five: 10 + 1120
    // ms,
    // 3.6 times. A third of that is left to a busy machine, which makes all of them longer.
    JsonNode comparison = export(run).at("/results/throughput_comparison");
    assertThat(comparison.path("speedup_3_agents").asDouble()).isGreaterThan(1.7);
    assertThat(comparison.path("speedup_5_agents").asDouble()).isGreaterThan(2.4);
    assertThat(of(run, "agents_5")).hasSize(10);
    assertThat(of(run, "agents_5").stream().map(line -> line.path("outputTokens").asInt()))
        .containsOnly(21);
  }

  @Test
  void agents_beginEachWaveTogether_andAreComparedAsGroups() throws IOException {
    FinishedRun run =
        simulated("AgentBatchingSimulation")
            .set("agents.counts", "1,3")
            .set("agents.requestsPerAgent", 4)
            .set("agents.maxTokens", 20)
            .finish();

    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.count("ok")).isEqualTo(16);
    TreeMap<Integer, long[]> waves = new TreeMap<>();
    long tokens = 0;
    for (JsonNode line : of(run, "agents_3")) {
      long sent = line.path("sentNanos").asLong();
      long ended = sent + line.path("endNanos").asLong();
      tokens += line.path("outputTokens").asLong();
      long[] span =
          waves.computeIfAbsent(
              line.at("/tags/wave").asInt(), wave -> new long[] {Long.MAX_VALUE, 0});
      span[0] = Math.min(span[0], sent);
      span[1] = Math.max(span[1], ended);
    }
    assertThat(waves).hasSize(4);
    List<long[]> spans = List.copyOf(waves.values());
    for (int wave = 1; wave < 4; wave++) {
      assertThat(spans.get(wave)[0]).isGreaterThanOrEqualTo(spans.get(wave - 1)[1]);
    }
    double seconds = (spans.get(3)[1] - spans.get(0)[0]) / 1e9;
    JsonNode group = export(run).at("/results/batched_3_agents");
    assertThat(group.path("total_tokens").asLong()).isEqualTo(tokens);
    assertThat(group.path("tokens_per_second").asDouble())
        .isCloseTo(tokens / seconds, within(1e-6));
    assertThat(group.path("total_requests").asInt()).isEqualTo(12);
    assertThat(names(group))
        .containsExactlyInAnyOrder(
            "tokens_per_second", "total_tokens", "elapsed_seconds", "num_agents", "total_requests");
  }
}
