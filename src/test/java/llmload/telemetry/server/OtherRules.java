package llmload.telemetry.server;

import llmload.model.TelemetryId;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/** The names of SGLang, TGI, TensorRT-LLM, Triton and llama.cpp. */
final class OtherRules {
  private static final double GIB = 1L << 30;

  private OtherRules() {}

  static Rules sglang() {
    return Rules.over(OtherRules::isFirstRank)
        .sum(TelemetryId.REQUESTS_RUNNING_COUNT, "sglang:num_running_reqs")
        .sum(TelemetryId.REQUESTS_WAITING_COUNT, "sglang:num_queue_reqs")
        .sum(TelemetryId.REQUESTS_FINISHED_COUNT, "sglang:num_requests")
        .sum(TelemetryId.PROMPT_TOKENS, "sglang:prompt_tokens")
        .sum(TelemetryId.GENERATION_TOKENS, "sglang:generation_tokens")
        .rule(TelemetryId.PROMPT_CACHED_TOKENS, OtherRules::sglangCached)
        .ratio(TelemetryId.PREFIX_HIT_RATIO, "sglang:cache_hit_rate")
        .ratio(TelemetryId.KV_USED_RATIO, "sglang:token_usage")
        .sum(TelemetryId.KV_USED_TOKENS, "sglang:kv_used_tokens", "sglang:num_used_tokens")
        .sum(TelemetryId.KV_CAPACITY_TOKENS, "sglang:max_total_num_tokens")
        .sum(TelemetryId.KV_EVICTABLE_TOKENS, "sglang:kv_evictable_tokens")
        .sum(TelemetryId.KV_BLOCK_TOKENS, "sglang:page_size")
        // Each rank has its own part of the cache.
        .rule(
            TelemetryId.KV_CAPACITY_BYTES,
            page -> Rules.times(page.sum("sglang:kv_cache_memory_usage_gb"), GIB))
        .sum(TelemetryId.PREEMPTIONS_COUNT, "sglang:num_retracted_requests")
        .sum(TelemetryId.EVICTED_TOKENS, "sglang:evicted_tokens")
        .timed(
            TelemetryId.EVICTION_PASSES_COUNT,
            TelemetryId.EVICTION_SECONDS,
            "sglang:eviction_duration_seconds")
        .rule(TelemetryId.SPEC_ACCEPT_RATIO, OtherRules::sglangAcceptance)
        .rule(TelemetryId.MODEL_LOAD_SECONDS, OtherRules::sglangLoad)
        .timed(
            TelemetryId.TTFT_COUNT, TelemetryId.TTFT_SECONDS, "sglang:time_to_first_token_seconds")
        .timed(
            TelemetryId.ITL_COUNT,
            TelemetryId.ITL_SECONDS,
            "sglang:inter_token_latency_seconds",
            "sglang:time_per_output_token_seconds")
        .timed(TelemetryId.E2E_COUNT, TelemetryId.E2E_SECONDS, "sglang:e2e_request_latency_seconds")
        .timed(TelemetryId.QUEUE_COUNT, TelemetryId.QUEUE_SECONDS, "sglang:queue_time_seconds");
  }

  static Rules tgi() {
    return Rules.all()
        .sum(TelemetryId.REQUESTS_RUNNING_COUNT, "tgi_batch_current_size")
        .sum(TelemetryId.REQUESTS_WAITING_COUNT, "tgi_queue_size")
        .rule(TelemetryId.REQUESTS_FINISHED_COUNT, OtherRules::tgiFinished)
        .sum(TelemetryId.PROMPT_TOKENS, "tgi_request_input_length_sum")
        .sum(TelemetryId.GENERATION_TOKENS, "tgi_request_generated_tokens_sum")
        .timed(TelemetryId.E2E_COUNT, TelemetryId.E2E_SECONDS, "tgi_request_duration")
        .timed(TelemetryId.QUEUE_COUNT, TelemetryId.QUEUE_SECONDS, "tgi_request_queue_duration");
  }

  static Rules tensorRt() {
    return Rules.all()
        .sum(TelemetryId.REQUESTS_RUNNING_COUNT, "trtllm_num_requests_running")
        .sum(TelemetryId.REQUESTS_WAITING_COUNT, "trtllm_num_requests_waiting")
        .sum(TelemetryId.REQUESTS_FINISHED_COUNT, "trtllm_request_success")
        .sum(TelemetryId.PROMPT_TOKENS, "trtllm_prompt_tokens")
        .sum(TelemetryId.PROMPT_CACHED_TOKENS, "trtllm_prompt_cached_tokens")
        .sum(TelemetryId.GENERATION_TOKENS, "trtllm_generation_tokens")
        .ratio(TelemetryId.KV_USED_RATIO, "trtllm_kv_cache_utilization")
        .ratio(TelemetryId.PREFIX_HIT_RATIO, "trtllm_kv_cache_hit_rate")
        .sum(TelemetryId.KV_USED_BLOCKS_COUNT, "trtllm_kv_cache_used_blocks")
        .sum(TelemetryId.KV_CAPACITY_BLOCKS_COUNT, "trtllm_kv_cache_max_blocks")
        .rule(TelemetryId.KV_BLOCK_TOKENS, page -> page.max("trtllm_kv_cache_tokens_per_block"))
        .rule(TelemetryId.KV_USED_TOKENS, page -> tensorRtTokens(page, "used"))
        .rule(TelemetryId.KV_CAPACITY_TOKENS, page -> tensorRtTokens(page, "max"))
        .sum(TelemetryId.PREFIX_HIT_BLOCKS_COUNT, "trtllm_kv_cache_reused_blocks")
        .sum(TelemetryId.PREFIX_MISSED_BLOCKS_COUNT, "trtllm_kv_cache_missed_blocks")
        .sum(TelemetryId.SPEC_DRAFT_TOKENS, "trtllm_spec_decode_num_draft_tokens")
        .sum(TelemetryId.SPEC_ACCEPTED_TOKENS, "trtllm_spec_decode_num_accepted_tokens")
        .sum(TelemetryId.MEMORY_USED_BYTES, "trtllm_gpu_memory_usage_bytes")
        .timed(
            TelemetryId.TTFT_COUNT, TelemetryId.TTFT_SECONDS, "trtllm_time_to_first_token_seconds")
        .timed(TelemetryId.E2E_COUNT, TelemetryId.E2E_SECONDS, "trtllm_e2e_request_latency_seconds")
        .timed(
            TelemetryId.QUEUE_COUNT,
            TelemetryId.QUEUE_SECONDS,
            "trtllm_request_queue_time_seconds");
  }

  static Rules triton() {
    return Rules.all()
        .rule(
            TelemetryId.REQUESTS_RUNNING_COUNT,
            page -> triton(page, "nv_trt_llm_request_metrics", "request_type", "active"))
        .rule(TelemetryId.REQUESTS_WAITING_COUNT, OtherRules::tritonWaiting)
        .rule(
            TelemetryId.REQUESTS_FINISHED_COUNT,
            page ->
                Rules.plus(
                    page.sum("nv_inference_request_success"),
                    page.sum("nv_inference_request_failure")))
        .rule(TelemetryId.KV_USED_RATIO, page -> tritonBlocks(page, "fraction"))
        .rule(TelemetryId.KV_USED_BLOCKS_COUNT, page -> tritonBlocks(page, "used"))
        .rule(TelemetryId.KV_CAPACITY_BLOCKS_COUNT, page -> tritonBlocks(page, "max"))
        .rule(TelemetryId.KV_BLOCK_TOKENS, page -> tritonBlocks(page, "tokens_per"))
        .rule(
            TelemetryId.KV_USED_TOKENS,
            page -> Rules.times(tritonBlocks(page, "used"), tritonBlocks(page, "tokens_per")))
        .rule(
            TelemetryId.KV_CAPACITY_TOKENS,
            page -> Rules.times(tritonBlocks(page, "max"), tritonBlocks(page, "tokens_per")));
  }

  static Rules llamaCpp() {
    return Rules.all()
        .sum(TelemetryId.REQUESTS_RUNNING_COUNT, "llamacpp:requests_processing")
        .sum(TelemetryId.REQUESTS_WAITING_COUNT, "llamacpp:requests_deferred")
        // Its count of prompt tokens leaves the cached ones out.
        .sum(TelemetryId.PROMPT_COMPUTED_TOKENS, "llamacpp:prompt_tokens")
        .sum(TelemetryId.PROMPT_CACHED_TOKENS, "llamacpp:prompt_tokens_cached")
        .rule(
            TelemetryId.PROMPT_TOKENS,
            page ->
                Rules.plus(
                    page.sum("llamacpp:prompt_tokens"), page.sum("llamacpp:prompt_tokens_cached")))
        .sum(TelemetryId.GENERATION_TOKENS, "llamacpp:tokens_predicted")
        .sum(TelemetryId.PREFILL_SECONDS, "llamacpp:prompt_seconds")
        .sum(TelemetryId.DECODE_SECONDS, "llamacpp:tokens_predicted_seconds")
        .sum(TelemetryId.DECODE_STEPS_COUNT, "llamacpp:n_decode")
        .sum(TelemetryId.BUSY_SLOTS_PER_DECODE_COUNT, "llamacpp:n_busy_slots_per_decode")
        .sum(TelemetryId.SPEC_DRAFTS_COUNT, "llamacpp:spec_decode_num_drafts")
        .sum(TelemetryId.SPEC_DRAFT_TOKENS, "llamacpp:spec_decode_num_draft_tokens")
        .sum(TelemetryId.SPEC_ACCEPTED_TOKENS, "llamacpp:spec_decode_num_accepted_tokens")
        .ratio(TelemetryId.KV_USED_RATIO, "llamacpp:kv_cache_usage_ratio")
        .sum(TelemetryId.KV_USED_TOKENS, "llamacpp:kv_cache_tokens");
  }

  /** Schedulers of one model may each repeat the same value: the first one counts. */
  private static boolean isFirstRank(Series series) {
    return isZero(series.label("tp_rank")) && isZero(series.label("pp_rank"));
  }

  private static boolean isZero(@Nullable String rank) {
    return rank == null || rank.equals("0");
  }

  /** The series {@code total} is the sum of its fellows; alone it stands for itself. */
  private static @Nullable Double sglangCached(ServerPage page) {
    String name = "sglang:cached_tokens";
    Double parts = page.sum(series -> !"total".equals(series.label("cache_source")), name);
    return parts == null ? page.sum(name) : parts;
  }

  /** Both gauges are 0 while speculation is off. */
  private static @Nullable Double sglangAcceptance(ServerPage page) {
    Double length = page.max("sglang:spec_accept_length");
    return length == null || length <= 0
        ? null
        : page.ratio(OtherRules::isFirstRank, "sglang:spec_accept_rate");
  }

  private static @Nullable Double sglangLoad(ServerPage page) {
    Double phase =
        page.sum(
            series -> "load_weight".equals(series.label("phase")), "sglang:startup_time_seconds");
    return phase == null ? page.max("sglang:engine_load_weights_time") : phase;
  }

  private static @Nullable Double tgiFinished(ServerPage page) {
    Double success = page.sum("tgi_request_success");
    Double failure = page.sum("tgi_request_failure");
    // A series of failures appears with the first one.
    return failure == null ? success : Rules.plus(success, failure);
  }

  private static @Nullable Double tensorRtTokens(ServerPage page, String blocks) {
    return Rules.times(
        page.sum("trtllm_kv_cache_" + blocks + "_blocks"),
        page.max("trtllm_kv_cache_tokens_per_block"));
  }

  private static @Nullable Double tritonWaiting(ServerPage page) {
    Double waiting = triton(page, "nv_trt_llm_request_metrics", "request_type", "waiting");
    return waiting == null ? page.sum("nv_inference_pending_request_count") : waiting;
  }

  private static @Nullable Double tritonBlocks(ServerPage page, String type) {
    return triton(page, "nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", type);
  }

  private static @Nullable Double triton(ServerPage page, String name, String label, String value) {
    return page.sum(series -> value.equals(series.label(label)), name);
  }
}
