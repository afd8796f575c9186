package llmload.telemetry.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's names, from 0.4 on, and those of servers that took them over: llm-d-inference-sim,
 * LMDeploy, the embedded server.
 */
final class VllmRules {
  private static final String CONFIG = "vllm:cache_config_info";
  private static final String[] USED = {"vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"};

  private VllmRules() {}

  static Rules vllm() {
    return common("vllm:")
        .rule(TelemetryId.KV_USED_RATIO, VllmRules::usedRatio)
        .rule(TelemetryId.KV_USED_TOKENS, VllmRules::usedTokens)
        .rule(TelemetryId.KV_CAPACITY_TOKENS, VllmRules::capacityTokens)
        .rule(TelemetryId.KV_CAPACITY_BYTES, page -> config(page, "kv_cache_memory_bytes"))
        .rule(TelemetryId.KV_CAPACITY_BLOCKS_COUNT, page -> config(page, "num_gpu_blocks"))
        .rule(TelemetryId.KV_BLOCK_TOKENS, page -> first(page, "block_size"))
        .sum(TelemetryId.PREEMPTIONS_COUNT, "vllm:num_preemptions")
        .sum(TelemetryId.EVICTED_BLOCKS_COUNT, "llmload:kv_blocks_evicted")
        .rule(TelemetryId.MODEL_LOAD_SECONDS, page -> page.max("llmload:model_load_seconds"))
        .rule(TelemetryId.PROMPT_COMPUTED_TOKENS, page -> bySource(page, true))
        .rule(TelemetryId.PROMPT_CACHED_TOKENS, VllmRules::cached)
        .sum(
            TelemetryId.PREFIX_QUERIED_TOKENS,
            "vllm:prefix_cache_queries",
            "vllm:gpu_prefix_cache_queries")
        .sum(TelemetryId.PREFIX_HIT_TOKENS, "vllm:prefix_cache_hits", "vllm:gpu_prefix_cache_hits")
        .ratio(TelemetryId.PREFIX_HIT_RATIO, "vllm:gpu_prefix_cache_hit_rate");
  }

  static Rules lmdeploy() {
    return common("lmdeploy:")
        .ratio(TelemetryId.KV_USED_RATIO, "lmdeploy:gpu_cache_usage_perc")
        .ratio(TelemetryId.PREFIX_HIT_RATIO, "lmdeploy:prefix_cache_hit_rate")
        .sum(TelemetryId.PROMPT_CACHED_TOKENS, "lmdeploy:cached_tokens");
  }

  private static Rules common(String prefix) {
    return Rules.all()
        .sum(TelemetryId.REQUESTS_RUNNING_COUNT, prefix + "num_requests_running")
        .sum(TelemetryId.REQUESTS_WAITING_COUNT, prefix + "num_requests_waiting")
        .sum(TelemetryId.REQUESTS_FINISHED_COUNT, prefix + "request_success")
        .sum(TelemetryId.PROMPT_TOKENS, prefix + "prompt_tokens")
        .sum(TelemetryId.GENERATION_TOKENS, prefix + "generation_tokens")
        .sum(TelemetryId.SPEC_DRAFTS_COUNT, prefix + "spec_decode_num_drafts")
        .sum(TelemetryId.SPEC_DRAFT_TOKENS, prefix + "spec_decode_num_draft_tokens")
        .sum(TelemetryId.SPEC_ACCEPTED_TOKENS, prefix + "spec_decode_num_accepted_tokens")
        .timed(
            TelemetryId.TTFT_COUNT,
            TelemetryId.TTFT_SECONDS,
            prefix + "time_to_first_token_seconds")
        .timed(
            TelemetryId.ITL_COUNT,
            TelemetryId.ITL_SECONDS,
            prefix + "inter_token_latency_seconds",
            prefix + "time_per_output_token_seconds")
        .timed(
            TelemetryId.E2E_COUNT, TelemetryId.E2E_SECONDS, prefix + "e2e_request_latency_seconds")
        .timed(
            TelemetryId.QUEUE_COUNT,
            TelemetryId.QUEUE_SECONDS,
            prefix + "request_queue_time_seconds")
        .timed(
            TelemetryId.PREFILL_COUNT,
            TelemetryId.PREFILL_SECONDS,
            prefix + "request_prefill_time_seconds")
        .timed(
            TelemetryId.DECODE_COUNT,
            TelemetryId.DECODE_SECONDS,
            prefix + "request_decode_time_seconds");
  }

  private static @Nullable Double cached(ServerPage page) {
    Double told = page.sum("vllm:prompt_tokens_cached");
    return told == null ? bySource(page, false) : told;
  }

  private static @Nullable Double bySource(ServerPage page, boolean computed) {
    return page.sum(
        series -> computed == "local_compute".equals(series.label("source")),
        "vllm:prompt_tokens_by_source");
  }

  /** Over several engines weighed by the size of each one's cache, where each tells it. */
  private static @Nullable Double usedRatio(ServerPage page) {
    Double used = usedTokens(page);
    Double capacity = capacityTokens(page);
    if (used != null && capacity != null && capacity > 0) {
      return used / capacity;
    }
    return page.ratio(series -> true, USED);
  }

  private static @Nullable Double usedTokens(ServerPage page) {
    Map<String, Double> sizes = sizes(page);
    List<Series> shares = page.all(USED);
    double tokens = 0;
    for (Series share : shares) {
      Double size = sizes.get(engine(share));
      if (size == null) {
        return null;
      }
      tokens += share.value() * size;
    }
    return shares.isEmpty() ? null : Double.valueOf(tokens);
  }

  private static @Nullable Double capacityTokens(ServerPage page) {
    Map<String, Double> sizes = sizes(page);
    return sizes.isEmpty()
        ? null
        : Double.valueOf(sizes.values().stream().mapToDouble(Double::doubleValue).sum());
  }

  /** Tokens of each engine's cache; where only blocks are told their product, an estimate. */
  private static Map<String, Double> sizes(ServerPage page) {
    Map<String, Double> sizes = new HashMap<>();
    for (Series info : page.all(CONFIG)) {
      Double told = number(info.label("kv_cache_size_tokens"));
      Double size =
          told == null
              ? Rules.times(number(info.label("block_size")), number(info.label("num_gpu_blocks")))
              : told;
      if (size != null) {
        sizes.put(engine(info), size);
      }
    }
    return sizes;
  }

  /** Whether the cache's size had to be made of its blocks, which is wrong for hybrid models. */
  static boolean isCapacityEstimated(ServerPage page) {
    return page.all(CONFIG).stream()
        .anyMatch(info -> number(info.label("kv_cache_size_tokens")) == null);
  }

  private static String engine(Series series) {
    String engine = series.label("engine");
    return engine == null ? "0" : engine;
  }

  private static @Nullable Double config(ServerPage page, String label) {
    Double sum = null;
    for (Series info : page.all(CONFIG)) {
      Double value = number(info.label(label));
      if (value == null) {
        return null;
      }
      sum = sum == null ? value : Double.valueOf(sum + value);
    }
    return sum;
  }

  private static @Nullable Double first(ServerPage page, String label) {
    return page.all(CONFIG).stream()
        .findFirst()
        .map(info -> number(info.label(label)))
        .orElse(null);
  }

  /** A whole number in a label; the text {@code None} is none. */
  private static @Nullable Double number(@Nullable String label) {
    return label != null && label.matches("[0-9]{1,18}") ? Double.valueOf(label) : null;
  }
}
