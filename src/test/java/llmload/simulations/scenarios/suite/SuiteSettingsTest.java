package llmload.simulations.scenarios.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.feeders.Nonce;
import llmload.model.Operator;
import llmload.model.Statistic;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SuiteSettingsTest {
  private static final Path PRESETS =
      Path.of("src/test/resources/fixtures/simulations/minibiai-presets.json");

  @TempDir private Path folder;

  private SettingsReader reader = SettingsReader.of(Map.of(), Map.of(), Map.of(), "none");

  private SuiteSettings read(String... pairs) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      given.put("llm." + pairs[i], pairs[i + 1]);
    }
    reader = SettingsReader.of(given, Map.of(), Map.of(), "none");
    SuiteSettings.prepare(reader, folder);
    return SuiteSettings.read(reader);
  }

  private static JsonNode preset(String kind, String name) throws IOException {
    return new ObjectMapper().readTree(Files.readString(PRESETS)).path(kind).path(name);
  }

  private static List<Integer> numbers(JsonNode list) {
    List<Integer> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asInt()));
    return numbers;
  }

  @ParameterizedTest
  @EnumSource(SuiteType.class)
  void type_hasTheParametersOfTheSuite(SuiteType type) throws IOException {
    JsonNode preset = preset("run_types", type.word());
    SuiteSettings settings = read("suite.type", type.word(), "suite.baselineFile", "old.json");

    assertThat(settings.iterationCount()).isEqualTo(preset.path("iterations").asInt());
    assertThat(settings.wordCounts()).isEqualTo(numbers(preset.path("test_text_lengths")));
    assertThat(settings.batchCounts()).isEqualTo(numbers(preset.path("batch_sizes")));
    assertThat(reader.text("warmUp")).hasValue(preset.path("warmup_iterations").asText());
    assertThat(reader.duration("timeout.total"))
        .hasValue(Duration.ofSeconds(preset.path("timeout_seconds").asInt()));
    assertThat(reader.text("retrieval.vectors"))
        .hasValue(preset.path("retrieval_index_size").asText());
    assertThat(reader.text("retrieval.queries"))
        .hasValue(preset.path("retrieval_queries").asText());
    assertThat(reader.resolved()).containsEntry("suite.energy", preset.path("energy").asText());
    SuiteParameters parameters = type.parameters();
    assertThat(parameters.levelCounts())
        .isEqualTo(numbers(preset.path("stress_concurrency_levels")));
    assertThat(settings.levelTime())
        .isEqualTo(Duration.ofSeconds(preset.path("stress_duration_seconds").asInt()));
    // The two types of one part, and the comparison, have no stress part.
    assertThat(settings.levelCounts().isEmpty())
        .isEqualTo(List.of("tok_throughput", "retrieval", "regression").contains(type.word()));
  }

  @Test
  void hardware_namesTargetsAndBatches() throws IOException {
    for (String hardware : List.of("rtx_4090", "rtx_3080", "cpu_only")) {
      SuiteSettings settings = read("suite.hardware", hardware);
      assertThat(settings.batchCounts())
          .isEqualTo(numbers(preset("hardware", hardware).path("batch_sizes")));
      assertThat(reader.text("targets")).hasValue("answered," + hardware);
    }
    read("suite.type", "rtx_4090");
    assertThat(reader.text("targets")).hasValue("answered,rtx_4090");
    read();
    assertThat(reader.text("targets")).hasValue("answered,mini-biai");
  }

  @Test
  void exitCodes_areThoseOfTheType() {
    read("suite.type", "tok_throughput");
    assertThat(reader.text("failOn")).hasValue("invalid,required,targets");
    read("suite.type", "tok_throughput", "suite.baselineFile", "old.json");
    assertThat(reader.text("failOn")).hasValue("invalid,required,targets,regression");
    read("suite.type", "regression", "suite.baselineFile", "old.json");
    assertThat(reader.text("failOn")).hasValue("invalid,required,regression");
    assertThat(reader.text("baseline")).hasValue("old.json");
    assertThat(reader.text("baseline.policy")).hasValue("minibiai");
    read("suite.type", "full");
    assertThat(reader.text("failOn")).isEmpty();
  }

  @Test
  void regression_withoutABaseline_isRefused() {
    read("suite.type", "regression");
    assertThatThrownBy(reader::requireNoProblems)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("llm.suite.baselineFile: Expecting a baseline");
  }

  @Test
  void oldConfigurationFile_isTakenKeyByKey_andTheRestIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("old.yaml"),
        """
        target_metrics: {tok_s: 12.5, ttft_ms: 40, spike_rate_range: [1, 9], retrieval_ms: 33}
        test_params: {iterations: 77, warmup_iterations: 7, timeout_seconds: 70, batch_sizes: [1, 2]}
        model: {name: some/model, test_text_lengths: [20, 30]}
        retrieval: {index_size: 4000, queries: 11, top_k: 5}
        stress_test: {concurrency_levels: [2, 3], duration_seconds: 9}
        monitoring: {interval_ms: 250, memory_sample_interval_ms: 500, colour: red}
        energy: {enabled: false}
        output: {directory: old_results, save_detailed_logs: true, generate_html_report: false}
        regression: {threshold_percent: 10.0, baseline_file: null}
        hardware_configs:
          cpu_only: {target_tok_s: 3, batch_sizes: [1, 3]}
          my_box: {target_ttft_ms: 99}
        """);
    SuiteSettings settings = read("suite.config", "old.yaml");

    assertThat(settings.iterationCount()).isEqualTo(77);
    assertThat(settings.batchCounts()).containsExactly(1, 2);
    assertThat(settings.wordCounts()).containsExactly(20, 30);
    assertThat(settings.levelCounts()).containsExactly(2, 3);
    assertThat(settings.levelTime()).isEqualTo(Duration.ofSeconds(9));
    assertThat(settings.limits()).isEqualTo(new SuiteLimits(12.5, 40.0, List.of(1.0, 9.0), 33.0));
    Map<String, @Nullable String> others = new HashMap<>();
    others.put("model", "some/model");
    others.put("warmUp", "7");
    others.put("timeout.total", "70s");
    others.put("retrieval.vectors", "4000");
    others.put("retrieval.queries", "11");
    others.put("retrieval.topK", "5");
    others.put("telemetry.interval", "250ms");
    others.put("suite.energy", "false");
    others.put("suite.html", "false");
    others.put("suite.outputDir", "old_results");
    others.forEach((key, value) -> assertThat(reader.text(key)).as(key).hasValue(value));
    assertThat(reader.notices()).hasSize(1);
    assertThat(reader.notices().get(0))
        .contains(
            "monitoring.memory_sample_interval_ms (everything is read at telemetry.interval)",
            "monitoring.colour (unknown)",
            "output.save_detailed_logs (the journal is always kept)",
            "regression.threshold_percent (the policy minibiai has 10 %)")
        .doesNotContain("tok_s", "iterations");
    assertThat(read("suite.config", "old.yaml", "suite.hardware", "cpu_only").batchCounts())
        .containsExactly(1, 3);
    assertThat(read("suite.config", "old.yaml", "suite.hardware", "my_box").limits().ttftMillis())
        .isEqualTo(99);
    // What the user says now counts more than the file.
    assertThat(read("suite.config", "old.yaml", "suite.iterations", "5").iterationCount())
        .isEqualTo(5);
  }

  @Test
  void wrongValues_areToldTogether_withTheirOrigin() throws IOException {
    Files.writeString(folder.resolve("old.yaml"), "test_params: {iterations: many}\n");
    read("suite.config", "old.yaml", "suite.batches", "0", "suite.target.spikePercents", "9,1");
    assertThatThrownBy(reader::requireNoProblems)
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .anyMatch(p -> p.contains("iterations") && p.contains("suite.config old.yaml"))
                    .anyMatch(p -> p.contains("llm.suite.batches"))
                    .anyMatch(p -> p.contains("llm.suite.target.spikePercents")));
  }

  private static Target target(String scope, String metric, String statistic) {
    return new Target(
        scope + "." + metric,
        scope,
        metric,
        new Statistic(statistic),
        Operator.LESS,
        5,
        null,
        "ms",
        false,
        true,
        "file");
  }

  @Test
  void targets_areMeantOfThroughput_withTheUsersLimits_andOnlyOfPartsThatAreRun() {
    List<Target> file =
        List.of(
            target("all", "ttft", "p50"),
            target("retrieval", "e2e", "p95"),
            target("all", "error_rate", "value"));

    assertThat(read("suite.target.ttftMillis", "40").limited(file))
        .extracting(Target::id, Target::scope, Target::value)
        .containsExactly(
            tuple("token_throughput.ttft", "token_throughput", 40.0),
            tuple("retrieval.e2e", "retrieval", 5.0),
            tuple("all.error_rate", "all", 5.0));
    assertThat(read("suite.type", "tok_throughput").limited(file))
        .extracting(Target::scope)
        .containsExactly("token_throughput", "all");
    assertThat(read("suite.type", "retrieval").limited(file))
        .extracting(Target::scope)
        .containsExactly("retrieval", "all");
    // Files that the user named stay as they are.
    assertThat(read("targets", "smoke", "suite.target.ttftMillis", "40").limited(file))
        .isEqualTo(file);
  }

  @Test
  void waves_comeToTheIterations_shared() {
    SuiteSettings settings = read("suite.iterations", "100", "suite.batches", "1,4,8");
    // 34 each: 34 of one, 9 of four, 5 of eight.
    assertThat(settings.waveCount(1)).isEqualTo(34);
    assertThat(settings.waveCount(4)).isEqualTo(9);
    assertThat(settings.waveCount(8)).isEqualTo(5);
    assertThat(settings.requestCount()).isEqualTo(100 + 34 + 36 + 40);
  }

  // full: 1000 iterations are 200 for each of five batch sizes: 200 · 1, 50 · 4, 25 · 8, 13 · 16,
  // 7 · 32, so 1032 more. rtx_4090: 1500 are 250 for each of six: 250 · 1, 63 · 4, 32 · 8, 16 · 16,
  // 8 · 32, 4 · 64, so 1526 more.
  @ParameterizedTest
  @CsvSource({"full, 2032, 1000000, 1000, 5, 300", "rtx_4090, 3026, 1000000, 1500, 6, 600"})
  void longTypes_planTheirWholeSize(
      String type, long requests, long vectors, long queries, int levels, int seconds) {
    SuiteSettings settings = read("suite.type", type);

    assertThat(settings.requestCount()).isEqualTo(requests);
    assertThat(settings.searches()).isTrue();
    assertThat(reader.text("retrieval.vectors")).hasValue(Long.toString(vectors));
    assertThat(reader.text("retrieval.queries")).hasValue(Long.toString(queries));
    assertThat(settings.levelCounts()).isEqualTo(List.of(1, 5, 10, 20, 50, 100).subList(0, levels));
    assertThat(settings.levelTime()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(settings.wordCounts())
        .isEqualTo(List.of(10, 50, 100, 500, 1000, 2000).subList(0, levels));
    assertThat(settings.batchCounts()).isEqualTo(List.of(1, 4, 8, 16, 32, 64).subList(0, levels));
  }

  @Test
  void prompts_haveTheirWords() {
    WordPrompts prompts = new WordPrompts(new Nonce(1, "run"), 1);
    for (int words : new int[] {10, 50, 100, 500, 1000, 2000, 7}) {
      assertThat(prompts.next(words).split(" ")).hasSize(words);
    }
    assertThat(prompts.next(10)).isNotEqualTo(prompts.next(10));
  }
}
