package llmload.run;

import static llmload.run.ReplayedRun.grown;
import static llmload.run.ReplayedRun.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import llmload.journal.RunJournal;
import llmload.model.MetricSummary;
import llmload.model.RunReport;
import llmload.model.Validity;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.PageFetch;
import llmload.telemetry.server.ServerReader;
import llmload.telemetry.server.SlotsSource;
import llmload.testing.Fixtures;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the pages of inference servers over HTTP through the journal to the report. The expected
 * numbers are those that a script worked out of the recorded pages, apart from this code, or worked
 * out by hand of the page in the comment beside them.
 */
@Timeout(120)
class ServerPipelineTest {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** What hardly a server tells all of. */
  private static final List<String> CACHE =
      List.of(
          "kv_used_tokens",
          "kv_used_bytes",
          "kv_used_ratio",
          "prefix_hit_rate",
          "evicted_tokens",
          "evictions",
          "eviction_time",
          "preemptions",
          "spec_accept_rate",
          "model_load_time");

  @TempDir private Path folder;

  private static Step page(String text) {
    return Steps.text(200, PROMETHEUS, text);
  }

  private RunReport replay(String first, String last) throws InterruptedException {
    try (ScriptedServer server =
        ScriptedServer.start(Script.inTurn(List.of(page(first)), List.of(page(last))))) {
      String url = server.baseUrl() + "/metrics";
      return new ReplayedRun(folder).scrape("server", url, new ServerReader(url)).play(1, 0, 60);
    }
  }

  /** The page before the first use of anything that is counted: gauges and information alone. */
  private static String unused(String page) {
    return page.lines()
        .filter(line -> !line.matches("[^#{ ]*(_total|_count|_sum|_bucket)[{ ].*"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private RunReport replayFromUnused(String file) throws InterruptedException {
    String page = Fixtures.text("telemetry/" + file);
    return replay(unused(page), page);
  }

  private static void assertValue(RunReport report, String id, double expected) {
    Double value = metric(report, id).value();
    assertThat(value).as(id).isNotNull().isCloseTo(expected, within(Math.abs(expected) * 1e-6));
  }

  private static void assertGauge(RunReport report, String id, double expected) {
    MetricSummary gauge = metric(report, id);
    assertThat(gauge.min()).as(id).isEqualTo(expected);
    assertThat(gauge.mean()).as(id).isNotNull().isCloseTo(expected, within(1e-9));
    assertThat(gauge.max()).as(id).isEqualTo(expected);
  }

  /** Each says that this server does not tell it, and is no number, not even 0. */
  private static void assertNotExposed(RunReport report, String engine, List<String> ids) {
    for (String id : ids) {
      MetricSummary metric = metric(report, id);
      assertThat(metric.notMeasured()).as(id).startsWith("not exposed by " + engine);
      assertThat(metric.value()).as(id).isNull();
      assertThat(metric.min()).as(id).isNull();
      assertThat(metric.mean()).as(id).isNull();
      assertThat(metric.max()).as(id).isNull();
    }
  }

  private static List<String> cacheWithout(String... ids) {
    return CACHE.stream().filter(id -> !List.of(ids).contains(id)).toList();
  }

  @Test
  void sglang_tellsEvictions_andNoSpeculation() throws InterruptedException {
    RunReport report = replayFromUnused("sglang.prom");

    assertThat(metric(report, "kv_used_tokens").max()).isEqualTo(98_304);
    assertValue(report, "prefix_hit_rate", 374_169 / 912_384.0);
    assertValue(report, "evicted_tokens", 51_200);
    assertValue(report, "evictions", 37);
    assertValue(report, "eviction_time", 185);
    assertNotExposed(report, "sglang", List.of("spec_accept_rate"));
  }

  @Test
  void tensorRt_countsHitsInBlocks() throws InterruptedException {
    RunReport report = replayFromUnused("trtllm.prom");

    assertThat(metric(report, "kv_used_tokens").max()).isEqualTo(98_304);
    assertValue(report, "prefix_hit_rate", 0.42);
  }

  @Test
  void tgi_tellsQueueBatchAndTokens_andNothingElse() throws InterruptedException {
    String last = Fixtures.text("telemetry/tgi.prom");
    // 29,411 tokens and 31 answers before: 129,411 − 100,000 and 631 − 600.
    String first =
        last.replace(
                "tgi_request_generated_tokens_sum 129411",
                "tgi_request_generated_tokens_sum 100000")
            .replace("tgi_request_success 631", "tgi_request_success 600");
    RunReport report = replay(first, last);

    assertGauge(report, "queue_depth", 4);
    assertGauge(report, "running_batch", 12);
    assertThat(grown(report, "generation_tokens")).containsExactly(29_411.0);
    assertThat(grown(report, "requests_finished_count")).containsExactly(31.0);
    assertNotExposed(report, "tgi", CACHE);
    assertThat(report.verdict().validity()).isEqualTo(Validity.VALID);
  }

  @Test
  void vllmOfOldNames_itsHitRateOfMinusOneIsOff() throws InterruptedException {
    String page = Fixtures.text("telemetry/vllm-v0-old-names.prom");
    RunReport report = replay(page, page);

    assertGauge(report, "running_batch", 3);
    // An eighth of 2048 blocks of 16 tokens.
    assertGauge(report, "kv_used_ratio", 0.125);
    assertGauge(report, "kv_used_tokens", 4_096);
    assertNotExposed(
        report,
        "vllm",
        List.of(
            "prefix_hit_rate",
            "queue_depth",
            "preemptions",
            "evictions",
            "spec_accept_rate",
            "model_load_time"));
  }

  @Test
  void vllmOfOldNames_itsHitRateIsTaken_whereItIsOne() throws InterruptedException {
    String page =
        Fixtures.text("telemetry/vllm-v0-old-names.prom")
            .replaceAll("(gpu_prefix_cache_hit_rate\\{.*}) -1.0", "$1 0.25");
    RunReport report = replay(page, page);

    assertValue(report, "prefix_hit_rate", 0.25);
  }

  @Test
  void vllmWithoutCachedTokens_itsLookupsTellTheHits() throws InterruptedException {
    RunReport report =
        replay(withoutCached("telemetry/vllm.prom"), withoutCached("telemetry/vllm-t60.prom"));

    // 570,240 − 411,136 of 2,171,264 − 1,852,928, which counts what was looked up again.
    assertValue(report, "prefix_hit_rate", 159_104 / 318_336.0);
    assertThat(report.measurements().telemetry().origins().get("prefix_hit_rate"))
        .isEqualTo("prefix_hit_tokens ÷ prefix_queried_tokens of vllm");
  }

  /** The page of a vLLM that does not yet say which prompt tokens came from where. */
  private static String withoutCached(String file) {
    String page = Fixtures.text(file);
    String without =
        page.lines()
            .filter(line -> !line.matches("vllm:prompt_tokens_(cached|by_source)_total.*"))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(without.lines().count()).isEqualTo(page.lines().count() - 4);
    return without;
  }

  @Test
  void llamaCpp_tellsHitsAndSpeculation_andNoCache() throws InterruptedException {
    RunReport report = replayFromUnused("llamacpp.prom");

    // Six digits of its counters: 1.07152e6 of 4.28609e6.
    assertThat(metric(report, "prefix_hit_rate").value()).isCloseTo(0.25, within(1e-5));
    assertThat(metric(report, "spec_accept_rate").value()).isCloseTo(0.65, within(1e-5));
    assertNotExposed(report, "llama.cpp", cacheWithout("prefix_hit_rate", "spec_accept_rate"));
  }

  @Test
  void llamaCppWithSlots_tellsWhatItsBusySlotsHold_asAnEstimate()
      throws InterruptedException, IOException {
    Step metrics = page(Fixtures.text("telemetry/llamacpp.prom"));
    Step slots = Steps.json(200, Fixtures.text("telemetry/llamacpp-slots.json"));
    Script script = request -> List.of(request.path().equals("/slots") ? slots : metrics);
    try (ScriptedServer server = ScriptedServer.start(script);
        PageFetch fetch = new PageFetch()) {
      URI url = URI.create(server.baseUrl() + "/metrics");
      URI beside = SlotsSource.Place.beside(url);
      RunReport report =
          new ReplayedRun(folder)
              // 2 x 32 layers x 8 heads x 128 x 2 bytes.
              .set("telemetry.kvBytesPerToken", "131072")
              .look(
                  clock ->
                      new SlotsSource(
                          new ExpositionSource(
                              "server", url, Map.of(), fetch, new ServerReader(url.toString())),
                          new SlotsSource.Place(beside, beside.toString(), Map.of()),
                          fetch,
                          clock))
              .play(1, 0, 60);

      // One of two slots of 8,192 tokens is busy: 1,812 of its prompt and 111 decoded.
      assertGauge(report, "kv_used_tokens", 1_923);
      assertGauge(report, "kv_used_ratio", 1_923 / 16_384.0);
      assertGauge(report, "kv_used_bytes", 1_923 * 131_072.0);
      assertGauge(report, "running_batch", 4);
      assertNotExposed(report, "llama.cpp", List.of("evictions", "eviction_time", "preemptions"));
      assertThat(report.measurements().telemetry().origins().get("kv_used_tokens"))
          .isEqualTo("kv_used_tokens of llama.cpp, an estimate");
      assertThat(Files.readAllLines(folder.resolve(RunJournal.TELEMETRY_FILE)))
          .filteredOn(line -> line.contains("\"kv_used_tokens\""))
          .hasSize(2)
          .allMatch(line -> line.contains("\"kvUsed\":\"estimate\""));
    }
  }

  /** Its names are those of {@code lmdeploy/metrics/loggers.py}. */
  private static String lmdeploy(int prompt, int cached, int generated, int drafted, int accepted) {
    return """
        lmdeploy:num_requests_running{model_name="m"} 6.0
        lmdeploy:num_requests_waiting{model_name="m"} 2.0
        lmdeploy:gpu_cache_usage_perc{model_name="m"} 0.375
        lmdeploy:prefix_cache_hit_rate{model_name="m"} 0.9
        lmdeploy:prompt_tokens_total{model_name="m"} %d
        lmdeploy:cached_tokens_total{model_name="m"} %d
        lmdeploy:generation_tokens_total{model_name="m"} %d
        lmdeploy:spec_decode_num_draft_tokens_total{model_name="m"} %d
        lmdeploy:spec_decode_num_accepted_tokens_total{model_name="m"} %d
        """
        .formatted(prompt, cached, generated, drafted, accepted);
  }

  @Test
  void lmdeploy_tellsHitsAndSpeculation_andItsCacheAsAShare() throws InterruptedException {
    RunReport report =
        replay(lmdeploy(1_000, 100, 50, 40, 10), lmdeploy(5_000, 1_100, 850, 240, 130));

    assertGauge(report, "queue_depth", 2);
    assertGauge(report, "running_batch", 6);
    assertGauge(report, "kv_used_ratio", 0.375);
    // 1,000 of 4,000 in this minute, whatever its own gauge says of longer ago; 120 of 200.
    assertValue(report, "prefix_hit_rate", 0.25);
    assertValue(report, "spec_accept_rate", 0.6);
    assertThat(grown(report, "generation_tokens")).containsExactly(800.0);
    assertNotExposed(
        report, "lmdeploy", cacheWithout("kv_used_ratio", "prefix_hit_rate", "spec_accept_rate"));
  }

  /** Its names are vLLM's, without engines, and its reasons to end have a name of their own. */
  private static String llmdInferenceSim(
      int prompt, int generated, int queried, int hit, int done) {
    return """
        vllm:num_requests_running{model_name="m"} 5
        vllm:num_requests_waiting{model_name="m"} 3
        vllm:kv_cache_usage_perc{model_name="m"} 0.25
        vllm:cache_config_info{block_size="16",num_gpu_blocks="1024"} 1
        vllm:prompt_tokens_total{model_name="m"} %d
        vllm:generation_tokens_total{model_name="m"} %d
        vllm:prefix_cache_queries_total{model_name="m"} %d
        vllm:prefix_cache_hits_total{model_name="m"} %d
        vllm:request_success_total{finish_reason="stop",model_name="m"} %d
        vllm:request_success_total{finish_reason="length",model_name="m"} 7
        """
        .formatted(prompt, generated, queried, hit, done);
  }

  @Test
  void llmdInferenceSim_isReadAsAVllm_andHasNeitherPreemptionsNorSpeculation()
      throws InterruptedException {
    RunReport report =
        replay(llmdInferenceSim(10, 20, 100, 10, 1), llmdInferenceSim(410, 920, 500, 210, 31));

    assertGauge(report, "queue_depth", 3);
    assertGauge(report, "running_batch", 5);
    // A quarter of 1,024 blocks of 16 tokens.
    assertGauge(report, "kv_used_tokens", 4_096);
    // 200 of 400.
    assertValue(report, "prefix_hit_rate", 0.5);
    assertThat(grown(report, "prompt_tokens")).containsExactly(400.0);
    assertThat(grown(report, "generation_tokens")).containsExactly(900.0);
    assertThat(grown(report, "requests_finished_count")).containsExactly(30.0);
    assertNotExposed(
        report, "vllm", List.of("preemptions", "spec_accept_rate", "evictions", "eviction_time"));
  }
}
