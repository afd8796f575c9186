package llmload.simulations.scenarios.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.config.YamlDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContractWorkloadsTest {
  private static final Map<String, ?> SUITE =
      YamlDocument.read(Path.of("src/test/resources/fixtures/simulations/contract-workloads.json"));

  private static SettingsReader reader(String... pairs) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      given.put("llm.contract." + pairs[i], pairs[i + 1]);
    }
    return SettingsReader.of(given, Map.of(), Map.of(), "none");
  }

  private static Map<String, String> resolved(String... pairs) {
    SettingsReader reader = reader(pairs);
    var unused = ContractSettings.read(reader);
    reader.requireNoProblems();
    return reader.resolved();
  }

  private static ContractSettings settings(String... pairs) {
    SettingsReader reader = reader(pairs);
    ContractSettings settings = ContractSettings.read(reader);
    reader.requireNoProblems();
    return settings;
  }

  private static List<Map<?, ?>> rows(@Nullable Object list) {
    assertThat(list).isInstanceOf(List.class);
    return list instanceof List<?> rows
        ? rows.stream()
            .<Map<?, ?>>map(row -> row instanceof Map<?, ?> map ? map : Map.of())
            .toList()
        : List.of();
  }

  private static void compare(List<ContractWorkload> ours, List<Map<?, ?>> suite) {
    assertThat(ours).hasSameSizeAs(suite);
    for (int i = 0; i < suite.size(); i++) {
      ContractWorkload own = ours.get(i);
      Map<?, ?> row = suite.get(i);
      assertThat(own.name()).isEqualTo(row.get("name"));
      assertThat(own.promptTokens()).isEqualTo(row.get("prompt_tokens"));
      assertThat(own.maxTokens()).isEqualTo(row.get("max_tokens"));
      assertThat(own.requestCount()).isEqualTo(row.get("num_requests"));
      Object concurrency = row.get("concurrency");
      boolean atOnce = Boolean.TRUE.equals(row.get("concurrent"));
      assertThat(own.concurrencyCount())
          .as(own.name())
          .isEqualTo(concurrency != null ? concurrency : atOnce ? own.requestCount() : 1);
      assertThat(own.warmUpRounds())
          .isEqualTo(row.get("warmup_rounds") == null ? 0 : row.get("warmup_rounds"));
      assertThat(own.kvBudgetTokens()).isEqualTo(row.get("kv_budget_tokens"));
    }
  }

  @Test
  void workloads_areTheSuites() {
    compare(settings().workloads(), rows(SUITE.get("s003_year1_document")));
    compare(settings("year", "year3").workloads(), rows(SUITE.get("s003_year1_document")));
    Object specs = SUITE.get("s003_year_specs_code");
    Map<?, ?> code = specs instanceof Map<?, ?> map ? map : Map.of();
    for (String year : List.of("year1", "year2", "year3")) {
      compare(settings("spec", "code", "year", year).workloads(), rows(code.get(year)));
    }
    compare(settings("workload", "queries").workloads(), rows(SUITE.get("s003_query_code")));
    compare(settings("workload", "streaming").workloads(), rows(SUITE.get("s003_streaming_code")));
    compare(settings("workload", "batch").workloads(), rows(SUITE.get("s003_batch_code")));
    compare(settings("workload", "mixed").workloads(), rows(SUITE.get("s003_mixed_code")));
  }

  @Test
  void words_chooseWorkloads_eachOnce() {
    assertThat(settings("workload", "stress,Q3,stress").workloads())
        .extracting(ContractWorkload::name)
        .containsExactly("stress_test", "Q3");
    assertThat(settings("workload", "perf", "batchSizes", "1,2").workloads())
        .extracting(w -> w.name() + " " + w.concurrencyCount())
        .containsExactly("short_b1 1", "long_b1 1", "short_b2 2", "long_b2 2");
  }

  @Test
  void scale_multipliesLengths_repeatsRequests() {
    ContractSettings half = settings("lengthScale", "0.5", "repeats", "2");

    assertThat(half.workloads())
        .extracting(ContractWorkload::promptTokens)
        .containsExactly(64, 100, 128);
    // 2 x (5 + 3 + 10).
    assertThat(half.requestCount()).isEqualTo(36);
  }

  @Test
  void year_decidesTheTargets_andTheBudgetTheEngine() {
    assertThat(settings("year", "year2").targets()).contains("year2");
    assertThat(settings().engine()).isEmpty();
    // 4,096 tokens are 256 blocks of 16.
    assertThat(settings("spec", "code").engine()).containsEntry("kvBlocks", "256");
    assertThat(settings("kvBudget", "1000").engine()).containsEntry("kvBlocks", "63");
    // 32,768 + 2,048 tokens are more than the engine's 32,768.
    assertThat(settings("spec", "code", "year", "year3").engine())
        .containsEntry("contextTokens", "34816");
  }

  @Test
  void budgetOfASpec_isASettingInForce_whichTheUserMayChange() {
    assertThat(resolved("spec", "code")).containsEntry("contract.kvBudget", "4096");
    assertThat(resolved("spec", "code", "kvBudget", "512"))
        .containsEntry("contract.kvBudget", "512");
    // The document states none, and of the code's workloads only one does.
    assertThat(resolved()).doesNotContainKey("contract.kvBudget");
    assertThat(resolved("spec", "code", "workload", "short"))
        .doesNotContainKey("contract.kvBudget");
  }

  @Test
  void problems_areToldTogether() {
    assertThatThrownBy(
            () -> settings("traffic", "poisson", "workload", "Q9", "batchSizes", "0", "year", "4"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("llm.contract.rate")
        .hasMessageContaining("Q9")
        .hasMessageContaining("llm.contract.batchSizes")
        .hasMessageContaining("llm.contract.year");
  }
}
