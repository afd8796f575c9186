package llmload.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import llmload.telemetry.exposition.ExpositionParser;
import llmload.testing.Fixtures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages in each server's words; the expected numbers were worked out beside the pages. */
class ServerReaderTest {

  private static Reading read(String text) {
    List<Reading> readings =
        new ServerReader("http://gpu:8000/metrics").read(ExpositionParser.parse(text));
    assertThat(readings).hasSize(1);
    return readings.get(0);
  }

  private static Reading fixture(String name) {
    return read(Fixtures.text("telemetry/" + name));
  }

  private static double delta(Reading from, Reading to, TelemetryId id) {
    return required(to, id) - required(from, id);
  }

  private static double required(Reading reading, TelemetryId id) {
    Double value = reading.value(id);
    assertThat(value).as(id.id()).isNotNull();
    return value == null ? Double.NaN : value;
  }

  private static @Nullable Double value(Reading reading, TelemetryId id) {
    return reading.value(id);
  }

  @Test
  void vllm_countersAreRaw_andGivePublishedDeltas() {
    Reading from = fixture("vllm.prom");
    Reading to = fixture("vllm-t60.prom");

    assertThat(from.labels())
        .containsEntry("engine", "vllm")
        .containsEntry("model", "meta-llama/Llama-3.1-8B-Instruct")
        .doesNotContainKey("kvCapacity");
    assertThat(required(from, TelemetryId.PROMPT_TOKENS)).isEqualTo(1_834_112);
    assertThat(delta(from, to, TelemetryId.PROMPT_TOKENS)).isEqualTo(312_192);
    assertThat(delta(from, to, TelemetryId.PROMPT_CACHED_TOKENS)).isEqualTo(156_096);
    assertThat(delta(from, to, TelemetryId.GENERATION_TOKENS)).isEqualTo(90_600);
    assertThat(delta(from, to, TelemetryId.PREFIX_HIT_TOKENS)).isEqualTo(159_104);
    assertThat(delta(from, to, TelemetryId.PREFIX_QUERIED_TOKENS)).isEqualTo(318_336);
    assertThat(delta(from, to, TelemetryId.SPEC_ACCEPTED_TOKENS)).isEqualTo(24_300);
    assertThat(delta(from, to, TelemetryId.SPEC_DRAFT_TOKENS)).isEqualTo(36_000);
    assertThat(delta(from, to, TelemetryId.PREEMPTIONS_COUNT)).isEqualTo(2);
    assertThat(delta(from, to, TelemetryId.REQUESTS_FINISHED_COUNT)).isEqualTo(370);
  }

  @Test
  void embeddedServer_isNamedByItsEngine_andTellsItsLoad() {
    Reading reading =
        new ServerReader("u")
            .read(
                ExpositionParser.parse(
                    """
                    llmload:engine_info{name="llama"} 1
                    llmload:model_load_seconds 0.25
                    vllm:num_requests_running{engine="0",model_name="tiny"} 3
                    """))
            .get(0);

    assertThat(reading.labels())
        .containsEntry("engine", "embedded llama")
        .containsEntry("model", "tiny");
    assertThat(required(reading, TelemetryId.MODEL_LOAD_SECONDS)).isEqualTo(0.25);
    assertThat(required(reading, TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(3);
  }

  @Test
  void vllm_gauges_areOfTheMoment() {
    Reading from = fixture("vllm.prom");

    assertThat(required(from, TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(41);
    assertThat(required(from, TelemetryId.REQUESTS_WAITING_COUNT)).isZero();
    assertThat(required(from, TelemetryId.KV_USED_RATIO)).isEqualTo(0.3125);
    assertThat(required(from, TelemetryId.KV_USED_TOKENS)).isEqualTo(307_200);
    assertThat(required(fixture("vllm-t60.prom"), TelemetryId.KV_USED_TOKENS)).isEqualTo(737_280);
    assertThat(required(from, TelemetryId.KV_CAPACITY_TOKENS)).isEqualTo(983_040);
    assertThat(required(from, TelemetryId.KV_BLOCK_TOKENS)).isEqualTo(16);
    assertThat(required(from, TelemetryId.TTFT_COUNT)).isEqualTo(2207);
    assertThat(required(from, TelemetryId.TTFT_SECONDS)).isEqualTo(402.118823);
    assertThat(required(from, TelemetryId.PROCESS_START_SECONDS)).isEqualTo(1.78712693112e9);
    // The label says "None".
    assertThat(value(from, TelemetryId.KV_CAPACITY_BYTES)).isNull();
  }

  @Test
  void vllmOfOldNames_isRead_andAHitRateOfMinusOneIsNone() {
    Reading old = fixture("vllm-v0-old-names.prom");

    assertThat(required(old, TelemetryId.KV_USED_RATIO)).isEqualTo(0.125);
    // 0.125 of 16 tokens × 2048 blocks.
    assertThat(required(old, TelemetryId.KV_USED_TOKENS)).isEqualTo(4096);
    assertThat(old.labels()).containsEntry("kvCapacity", "estimate");
    assertThat(required(old, TelemetryId.ITL_COUNT)).isEqualTo(96);
    assertThat(value(old, TelemetryId.PREFIX_HIT_RATIO)).isNull();
    assertThat(value(old, TelemetryId.PROMPT_TOKENS)).isNull();
    assertThat(value(old, TelemetryId.PREEMPTIONS_COUNT)).isNull();
  }

  @Test
  void severalEngines_areAddedUp_andTheirCachesWeighed() {
    Reading two =
        read(
            """
            vllm:num_requests_running{engine="0"} 3
            vllm:num_requests_running{engine="1"} 4
            vllm:kv_cache_usage_perc{engine="0"} 0.5
            vllm:kv_cache_usage_perc{engine="1"} 0.1
            vllm:cache_config_info{engine="0",kv_cache_size_tokens="1000"} 1
            vllm:cache_config_info{engine="1",kv_cache_size_tokens="3000"} 1
            """);

    assertThat(required(two, TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(7);
    // 500 + 300 tokens of 4000.
    assertThat(required(two, TelemetryId.KV_USED_TOKENS)).isCloseTo(800, within(1e-9));
    assertThat(required(two, TelemetryId.KV_USED_RATIO)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void sglang_ranksCountOnce_andTotalsAreNotAddedToTheirParts() {
    Reading sglang = fixture("sglang.prom");

    assertThat(sglang.labels()).containsEntry("engine", "sglang");
    assertThat(required(sglang, TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(24);
    assertThat(required(sglang, TelemetryId.REQUESTS_WAITING_COUNT)).isEqualTo(3);
    assertThat(required(sglang, TelemetryId.KV_USED_TOKENS)).isEqualTo(98_304);
    assertThat(required(sglang, TelemetryId.PROMPT_CACHED_TOKENS)).isEqualTo(374_169);
    assertThat(required(sglang, TelemetryId.PROMPT_TOKENS)).isEqualTo(912_384);
    assertThat(required(sglang, TelemetryId.PREEMPTIONS_COUNT)).isEqualTo(2);
    assertThat(required(sglang, TelemetryId.EVICTED_TOKENS)).isEqualTo(51_200);
    assertThat(required(sglang, TelemetryId.EVICTION_PASSES_COUNT)).isEqualTo(37);
    assertThat(required(sglang, TelemetryId.EVICTION_SECONDS)).isEqualTo(0.185);
    assertThat(required(sglang, TelemetryId.MODEL_LOAD_SECONDS)).isEqualTo(6.31);
    // Two ranks of 27 GiB.
    assertThat(required(sglang, TelemetryId.KV_CAPACITY_BYTES)).isEqualTo(54.0 * (1L << 30));
    // An accepted length of 0 says that it does not speculate.
    assertThat(value(sglang, TelemetryId.SPEC_ACCEPT_RATIO)).isNull();
  }

  @Test
  void tgi_withoutTotals_isRead() {
    Reading tgi = fixture("tgi.prom");

    assertThat(tgi.labels()).containsEntry("engine", "tgi");
    assertThat(required(tgi, TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(12);
    assertThat(required(tgi, TelemetryId.REQUESTS_WAITING_COUNT)).isEqualTo(4);
    // 631 that succeeded, 7 + 2 that did not.
    assertThat(required(tgi, TelemetryId.REQUESTS_FINISHED_COUNT)).isEqualTo(640);
    assertThat(required(tgi, TelemetryId.GENERATION_TOKENS)).isEqualTo(129_411);
    assertThat(required(tgi, TelemetryId.QUEUE_SECONDS)).isEqualTo(4.118);
    assertThat(value(tgi, TelemetryId.KV_USED_RATIO)).isNull();
  }

  @Test
  void tensorRt_blocksBecomeTokens() {
    Reading tensorRt = fixture("trtllm.prom");

    assertThat(tensorRt.labels()).containsEntry("engine", "tensorrt-llm");
    assertThat(required(tensorRt, TelemetryId.KV_USED_RATIO)).isEqualTo(0.375);
    assertThat(required(tensorRt, TelemetryId.KV_USED_TOKENS)).isEqualTo(98_304);
    assertThat(required(tensorRt, TelemetryId.PREFIX_HIT_BLOCKS_COUNT)).isEqualTo(2688);
    assertThat(required(tensorRt, TelemetryId.PREFIX_MISSED_BLOCKS_COUNT)).isEqualTo(3712);
    assertThat(required(tensorRt, TelemetryId.MEMORY_USED_BYTES)).isEqualTo(68_719_476_736.0);
    assertThat(required(tensorRt, TelemetryId.REQUESTS_FINISHED_COUNT)).isEqualTo(245);
  }

  @Test
  void llamaCpp_promptTokensLeaveCachedOnesOut() {
    Reading llama = fixture("llamacpp.prom");

    assertThat(llama.labels()).containsEntry("engine", "llama.cpp").doesNotContainKey("model");
    assertThat(required(llama, TelemetryId.PROMPT_COMPUTED_TOKENS)).isEqualTo(3_214_570);
    assertThat(required(llama, TelemetryId.PROMPT_CACHED_TOKENS)).isEqualTo(1_071_520);
    assertThat(required(llama, TelemetryId.PROMPT_TOKENS)).isEqualTo(4_286_090);
    assertThat(required(llama, TelemetryId.GENERATION_TOKENS)).isEqualTo(804_112);
    assertThat(required(llama, TelemetryId.REQUESTS_WAITING_COUNT)).isEqualTo(2);
    // 117413 / 180636 = 0.65
    assertThat(
            required(llama, TelemetryId.SPEC_ACCEPTED_TOKENS)
                / required(llama, TelemetryId.SPEC_DRAFT_TOKENS))
        .isCloseTo(0.65, within(1e-5));
    assertThat(value(llama, TelemetryId.KV_USED_RATIO)).isNull();
  }

  @Test
  void tritonAndLmdeploy_areRead() {
    Reading triton =
        read(
            """
            nv_inference_request_success{model="m"} 10
            nv_inference_request_failure{model="m"} 2
            nv_trt_llm_request_metrics{request_type="waiting"} 5
            nv_trt_llm_request_metrics{request_type="active"} 8
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used"} 100
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max"} 400
            nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per"} 64
            """);
    Reading lmdeploy =
        read(
            """
            lmdeploy:num_requests_waiting 3
            lmdeploy:prompt_tokens_total 70
            lmdeploy:gpu_cache_usage_perc 0.25
            """);

    assertThat(triton.labels()).containsEntry("engine", "triton");
    assertThat(required(triton, TelemetryId.REQUESTS_WAITING_COUNT)).isEqualTo(5);
    assertThat(required(triton, TelemetryId.REQUESTS_RUNNING_COUNT)).isEqualTo(8);
    assertThat(required(triton, TelemetryId.REQUESTS_FINISHED_COUNT)).isEqualTo(12);
    assertThat(required(triton, TelemetryId.KV_USED_TOKENS)).isEqualTo(6400);
    assertThat(lmdeploy.labels()).containsEntry("engine", "lmdeploy");
    assertThat(required(lmdeploy, TelemetryId.REQUESTS_WAITING_COUNT)).isEqualTo(3);
    assertThat(required(lmdeploy, TelemetryId.PROMPT_TOKENS)).isEqualTo(70);
    assertThat(required(lmdeploy, TelemetryId.KV_USED_RATIO)).isEqualTo(0.25);
  }

  @Test
  void otherMetrics_areNoServer() {
    assertThat(
            new ServerReader("u")
                .read(ExpositionParser.parse("go_goroutines 7\nprocess_start_time_seconds 9\n")))
        .isEmpty();
  }
}
