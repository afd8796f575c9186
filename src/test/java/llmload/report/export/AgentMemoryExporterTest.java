package llmload.report.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.SuiteResult;
import llmload.model.TargetServer;
import llmload.model.TelemetrySample;
import llmload.report.SampleRunReports;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentMemoryExporterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Offset<Double> NEAR = within(1e-9);

  private static final ResultTable GROUPS =
      table(
          "throughput_comparison",
          "agents requests total_tokens elapsed tokens_per_second speedup start_spread_max",
          List.of(1, 5L, 500L, 20.0, 25.0, 1.0, 0.0),
          List.of(3, 6L, 600L, 8.0, 75.0, 3.0, 1.5),
          List.of(5, 10L, 1_000L, 10.0, 100.0, 4.0, 2.0));
  private static final ResultTable CACHES =
      table(
          "cache_by_size",
          "cache_tokens input_tokens cold_ttft warm_ttft hot_ttft save load unload resume speedup"
              + " cached_tokens resumed_e2e resumed_tokens",
          List.of(
              2_000, 2_010, 7_120.0, 500.0, 90.0, 60.0, 150.0, 5.0, 500.0, 14.24, 2_009, 2_500.0,
              50),
          List.of(
              4_000, 4_010, 15_700.0, 580.0, 95.0, 80.0, 250.0, 5.0, 580.0, 27.1, 4_009, 2_600.0,
              50),
          List.of(
              8_000, 8_010, 33_000.0, 700.0, 99.0, 99.0, 400.0, 5.0, 700.0, 47.1, 8_009, 2_700.0,
              50));
  private static final ResultTable STEPS =
      table(
          "memory_scaling",
          "sessions tokens total_memory cache_memory memory_per_session total_memory_per_session"
              + " theoretical_memory memory_overhead padding_overhead",
          List.of(1, 1_000L, 5_040.0, 40.0, 40.0, 5_040.0, 36.0, 0.125, 0.024),
          List.of(3, 3_000L, 5_120.0, 120.0, 40.0, 1_706.7, 96.0, 0.25, 0.024));
  private static final ResultTable MODEL =
      table(
          "memory_model",
          "model_memory cache_memory cache_model_ratio slope_per_session intercept r_squared",
          List.of(5_000.0, 120.0, 0.024, 40.0, 5_000.0, 1.0));

  @TempDir private Path folder;

  private record Samples(List<TelemetrySample> all) implements JournalRecords {
    @Override
    public void forEachRequest(Consumer<RequestRecord> sink) {}

    @Override
    public void forEachSample(Consumer<TelemetrySample> sink) {
      all.forEach(sink);
    }
  }

  @SafeVarargs
  private static ResultTable table(
      String id, String columns, List<? extends @Nullable Object>... rows) {
    List<ResultTable.Column> named =
        Arrays.stream(columns.split(" ", -1))
            .map(name -> new ResultTable.Column(name, ""))
            .toList();
    List<List<@Nullable Object>> cells = new ArrayList<>();
    for (List<? extends @Nullable Object> row : rows) {
      cells.add(new ArrayList<>(row));
    }
    return new ResultTable(id, id, named, cells);
  }

  private static RunReport report(Map<String, String> settings, ResultTable... tables) {
    RunReport sample = SampleRunReports.ordinary();
    RunMeasurements of = sample.measurements();
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    metrics.put("agent_speedup", MetricSummary.ofValue("x", 2.5, 6));
    metrics.put("memory_overhead", MetricSummary.absent("ratio", "not measured"));
    RunMeasurements run =
        new RunMeasurements(
            42.5,
            of.counts(),
            of.countsByRequest(),
            Map.of("agents_3", metrics),
            Map.of(),
            of.failedStreamTtft(),
            of.injector(),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            null);
    RunManifest manifest =
        new RunManifest(
            "run-7",
            "llmload.simulations.AgentBatchingSimulation",
            Instant.parse("2026-01-01T00:00:00.250Z"),
            null,
            null,
            new TargetServer("http://mac:8000", "openai-chat", "gemma-3-12b", "mlx", null),
            new LoadPlan("agents", "closed", 5, null, null, 21L, null, true, 1L),
            List.of(),
            List.of(),
            Map.of(),
            settings,
            Map.of("cpu", "M4 Pro", "cores", "14"),
            null,
            List.of());
    return new RunReport(
        manifest,
        run,
        List.of(),
        sample.verdict(),
        new SuiteResult("agents", Map.of(), List.of(tables), List.of()),
        Map.of(),
        null);
  }

  private JsonNode export(RunReport report, TelemetrySample... samples) throws IOException {
    new AgentMemoryExporter().write(report, new Samples(List.of(samples)), folder);
    return JSON.readTree(Files.readString(folder.resolve("benchmark_results.json")));
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Names without what a list of fields remarks on them. */
  private static List<String> plain(JsonNode list) {
    List<String> names = new ArrayList<>();
    for (JsonNode words : list) {
      for (String word : words.asText().split(" \\| ", -1)) {
        names.add(word.replaceAll("[ {].*", ""));
      }
    }
    return names;
  }

  @Test
  void fields_areThoseOfTheSuite() throws IOException {
    JsonNode documented =
        JSON.readTree(
            Files.readString(
                Path.of("src/test/resources/fixtures/report/agent-memory-result-fields.json")));
    JsonNode file = export(report(Map.of(), GROUPS, CACHES, STEPS, MODEL));
    JsonNode results = file.path("results");

    assertThat(names(file)).isEqualTo(plain(documented.path("top")));
    int compared = 0;
    for (Map.Entry<String, JsonNode> list : documented.properties()) {
      // The last two are the rows of other programs of that repository, not of this file.
      if (List.of("top", "real streaming benchmark (code)", "staggered (code)")
          .contains(list.getKey())) {
        continue;
      }
      for (String key : list.getKey().replaceAll(" \\(.*", "").split("\\|", -1)) {
        JsonNode found = results.path(key.replace("[]", ""));
        found = key.endsWith("[]") ? found.path(0) : found;
        found = key.equals("template") ? found.path("agents_3.agent_speedup") : found;
        List<String> expected = new ArrayList<>(plain(list.getValue()));
        if (key.equals("block_padding_overhead")) {
          expected.add("overhead_pct"); // measured here; there is only a note in that suite
        }
        assertThat(names(found)).as(key).isEqualTo(expected);
        compared++;
      }
    }
    // Two keys name two objects each.
    assertThat(compared).isEqualTo(documented.size() - 3 + 2);
  }

  @Test
  void suite_gathersTheSmallestSizeTheLargestGroupAndTheLastStep() throws IOException {
    JsonNode suite =
        export(
                report(Map.of(), GROUPS, CACHES, STEPS, MODEL),
                new TelemetrySample("server", 0, Map.of("model_load_seconds", 8.25), Map.of()))
            .at("/results/suite");

    assertThat(suite.path("model_load_time_sec").asDouble()).isEqualTo(8.25);
    assertThat(suite.path("cache_save_time_ms").asDouble()).isEqualTo(60);
    assertThat(suite.path("cache_load_time_ms").asDouble()).isEqualTo(150);
    // 2,500 ms.
    assertThat(suite.path("generation_with_cache_sec").asDouble()).isCloseTo(2.5, NEAR);
    assertThat(suite.path("throughput_tokens_per_sec").asDouble()).isEqualTo(100);
    // 5,120 MiB are 5 GiB.
    assertThat(suite.path("memory_usage_gb").asDouble()).isCloseTo(5, NEAR);
  }

  @Test
  void memory_isThatOfTheLastStep() throws IOException {
    JsonNode results = export(report(Map.of(), STEPS, MODEL)).path("results");

    JsonNode ratio = results.path("cache_vs_model_memory");
    assertThat(ratio.path("model_memory_mb").asDouble()).isEqualTo(5_000);
    assertThat(ratio.path("cache_model_ratio").asDouble()).isEqualTo(0.024);
    assertThat(ratio.path("num_agents").asInt()).isEqualTo(3);
    JsonNode theory = results.path("actual_vs_theoretical_memory");
    assertThat(theory.path("actual_cache_mb").asDouble()).isEqualTo(120);
    assertThat(theory.path("theoretical_kv_mb").asDouble()).isEqualTo(96);
    assertThat(theory.path("variance_pct").asDouble()).isCloseTo(25, NEAR);
    assertThat(theory.path("tokens_per_agent").asDouble()).isCloseTo(1_000, NEAR);
    assertThat(results.at("/block_padding_overhead/overhead_pct").asDouble()).isCloseTo(2.4, NEAR);
    // No agents and no caches in this run.
    assertThat(results.path("sequential_1_agent").isNull()).isTrue();
    assertThat(results.path("cold_vs_cache_comparison").isNull()).isTrue();
    assertThat(results.at("/suite/throughput_tokens_per_sec").isNull()).isTrue();
    assertThat(results.at("/suite/model_load_time_sec").isNull()).isTrue();
  }

  @Test
  void template_holdsEachNumberWithItsUnitAndTheTime() throws IOException {
    JsonNode template = export(report(Map.of(), GROUPS)).at("/results/template");

    assertThat(names(template)).containsExactly("agents_3.agent_speedup");
    JsonNode record = template.path("agents_3.agent_speedup");
    assertThat(record.path("value").asDouble()).isEqualTo(2.5);
    assertThat(record.path("units").asText()).isEqualTo("x");
    assertThat(record.path("elapsed_seconds").asDouble()).isEqualTo(42.5);
  }

  @Test
  void metadata_tellsModelHardwareAndConfiguration() throws IOException {
    JsonNode metadata = export(report(Map.of("agents.counts", "1,3,5"), GROUPS)).path("metadata");

    // 2026-01-01 is day 20,454 since 1970: 1,767,225,600 s, and a quarter.
    assertThat(metadata.path("timestamp").asDouble()).isEqualTo(1_767_225_600.25);
    assertThat(metadata.path("date").asText()).isEqualTo("2026-01-01 00:00:00");
    assertThat(metadata.path("run_id").asText()).isEqualTo("run-7");
    assertThat(metadata.path("model").asText()).isEqualTo("gemma-3-12b");
    assertThat(metadata.path("server").asText()).isEqualTo("http://mac:8000");
    assertThat(metadata.at("/environment/cpu").asText()).isEqualTo("M4 Pro");
    assertThat(metadata.at("/config/agents.counts").asText()).isEqualTo("1,3,5");
  }

  @Test
  void commonFile_keepsWhatThisRunDidNotMeasure() throws IOException {
    Path common = folder.resolve("all/benchmark_results.json");
    Map<String, String> settings = Map.of("benchmarkOutput", common.toString());
    export(report(settings, GROUPS));
    export(report(settings, STEPS, MODEL));

    JsonNode results = JSON.readTree(Files.readString(common)).path("results");
    assertThat(results.at("/sequential_1_agent/tokens_per_second").asDouble()).isEqualTo(25);
    assertThat(results.at("/memory_scaling/1/num_agents").asInt()).isEqualTo(3);
    assertThat(results.at("/suite/throughput_tokens_per_sec").asDouble()).isEqualTo(100);
    assertThat(results.at("/suite/memory_usage_gb").asDouble()).isCloseTo(5, NEAR);
    // A run anew takes the place of the one before.
    export(
        report(
            settings,
            table(
                "throughput_comparison",
                "agents requests total_tokens elapsed tokens_per_second speedup start_spread_max",
                List.of(1, 5L, 500L, 10.0, 50.0, 1.0, 0.0))));
    results = JSON.readTree(Files.readString(common)).path("results");
    assertThat(results.at("/sequential_1_agent/tokens_per_second").asDouble()).isEqualTo(50);
  }

  @Test
  void commonFile_thatIsNoSuchFile_isLeftAlone() throws IOException {
    Path common = folder.resolve("notes.json");
    Files.writeString(common, "not JSON");

    assertThatThrownBy(() -> export(report(Map.of("benchmarkOutput", common.toString()), GROUPS)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "notes.json: Expecting results of earlier runs, or no file. Found: no JSON.");
    assertThat(Files.readString(common)).isEqualTo("not JSON");
  }
}
