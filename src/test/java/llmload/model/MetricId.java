package llmload.model;

import static llmload.model.MetricId.Better.HIGHER;
import static llmload.model.MetricId.Better.LOWER;
import static llmload.model.MetricId.Better.NEITHER;
import static llmload.model.MetricId.Shape.DISTRIBUTION;
import static llmload.model.MetricId.Shape.VALUE;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every core metric: its id, unit, shape, better direction, formula and whose number it equals.
 *
 * <p>{@code sent}, {@code first token} and the like are the stamps of {@link Stamps}; {@code n} is
 * the number of output tokens. Distributions have one sample a request unless the formula says
 * otherwise, over OK measured requests. Every report and docs/metrics.md follow this enum.
 */
public enum MetricId {
  /** Opening the connection. */
  CONNECT("ms", DISTRIBUTION, LOWER, "connected − sent", "AIPerf http_req_connecting, roughly"),
  /** Until the response's headers. */
  TIME_TO_HEADERS("ms", DISTRIBUTION, LOWER, "headers − sent", "Gatling sse() connect time"),
  /** Until the first byte of the body. */
  TIME_TO_FIRST_BYTE("ms", DISTRIBUTION, LOWER, "first byte − sent", "k6 http_req_waiting"),
  /** Time to first token. */
  TTFT(
      "ms",
      DISTRIBUTION,
      LOWER,
      "min(first reasoning, first content, first tool call) − sent",
      "GuideLLM time_to_first_token_ms, AIPerf time_to_first_token"),
  /** Time to first answer token. */
  TTFOT(
      "ms",
      DISTRIBUTION,
      LOWER,
      "first content − sent",
      "GuideLLM time_to_first_output_token_ms, inference-perf time_to_first_token"),
  /** Gaps between chunks. */
  INTER_CHUNK(
      "ms",
      DISTRIBUTION,
      LOWER,
      "gap between consecutive chunks that carry tokens; one sample a gap",
      "vLLM itl, AIPerf inter_chunk_latency"),
  /** Gaps between tokens. */
  ITL(
      "ms",
      DISTRIBUTION,
      LOWER,
      "gap before a chunk ÷ its tokens; one sample a token, the first chunk left out",
      "SGLang itl (native back end)"),
  /** Time per output token. */
  TPOT(
      "ms",
      DISTRIBUTION,
      LOWER,
      "(last token − first token) ÷ (n − 1); absent for n < 2",
      "vLLM tpot, AIPerf inter_token_latency, MLPerf TPOT"),
  /** End to end, to the last content. */
  E2E(
      "ms",
      DISTRIBUTION,
      LOWER,
      "last token − sent; end − sent if not streamed",
      "vLLM e2el, AIPerf request_latency"),
  /** End to end, shared out over the output tokens. */
  E2E_PER_OUTPUT_TOKEN(
      "ms",
      DISTRIBUTION,
      LOWER,
      "e2e ÷ n; absent for n = 0",
      "inference-perf normalized_time_per_output_token, sagellm-benchmark avg_tpot_ms"),
  /** End to end, to the end mark. */
  E2E_TERMINATED(
      "ms", DISTRIBUTION, LOWER, "terminator − sent", "GuideLLM request_latency, SGLang e2e"),
  /** TTFT from the planned start. */
  TTFT_FROM_INTENDED(
      "ms", DISTRIBUTION, LOWER, "first token − intended", "MLPerf LoadGen TTFT (server scenario)"),
  /** E2E from the planned start. */
  E2E_FROM_INTENDED(
      "ms", DISTRIBUTION, LOWER, "last token − intended", "wrk2 corrected latency, MLPerf LoadGen"),
  /** How late the injector sent. */
  SEND_LAG("ms", DISTRIBUTION, LOWER, "sent − intended", "inference-perf schedule_delay"),
  /** Tokens per second of one stream. */
  OUTPUT_TOKENS_PER_SECOND_PER_USER(
      "tok/s", DISTRIBUTION, HIGHER, "n ÷ e2e", "AIPerf e2e_output_token_throughput"),
  /** Output tokens per second of all streams. */
  OUTPUT_TOKENS_PER_SECOND(
      "tok/s",
      VALUE,
      HIGHER,
      "Σ n ÷ (last end − first sent)",
      "vLLM output_throughput, AIPerf output_token_throughput"),
  /** All tokens per second. */
  TOTAL_TOKENS_PER_SECOND(
      "tok/s",
      VALUE,
      HIGHER,
      "Σ (input tokens + n) ÷ (last end − first sent)",
      "vLLM total_token_throughput"),
  /** Completed requests per second. */
  REQUESTS_PER_SECOND(
      "req/s", VALUE, HIGHER, "OK requests ÷ (last end − first sent)", "vLLM request_throughput"),
  /** Requests per second that kept every limit. */
  GOODPUT_REQUESTS_PER_SECOND(
      "req/s",
      VALUE,
      HIGHER,
      "OK requests within every upper limit that the targets set on ttft, ttfot, tpot and e2e"
          + " ÷ (last end − first sent)",
      "vLLM request_goodput"),
  /** Share of started requests that kept every limit. */
  GOOD_FRACTION(
      "ratio", VALUE, HIGHER, "good requests ÷ started requests", "AIPerf good_request_fraction"),
  /** Prompt length. */
  INPUT_TOKENS("tok", DISTRIBUTION, NEITHER, "prompt tokens by the server's usage", "all"),
  /** Answer length. */
  OUTPUT_TOKENS("tok", DISTRIBUTION, NEITHER, "n, reasoning included", "all"),
  /** Prompt tokens from the server's cache. */
  CACHED_TOKENS(
      "tok", DISTRIBUTION, NEITHER, "cached prompt tokens by the server's usage", "SGLang"),
  /** Tokens a chunk. */
  TOKENS_PER_CHUNK(
      "tok",
      DISTRIBUTION,
      NEITHER,
      "tokens of a chunk; one sample a chunk",
      "GuideLLM output_tokens_per_iteration"),
  /** Stalls a stream. */
  STALLS(
      "count",
      DISTRIBUTION,
      LOWER,
      "chunk gaps of a stream that exceed 100 ms and 5 × its median gap",
      "none"),
  /** Share of answers that fit their schema. */
  SCHEMA_COMPLIANCE(
      "ratio",
      VALUE,
      HIGHER,
      "answers valid against their JSON Schema ÷ complete answers that carried one",
      "none (vLLM's correct_rate only parses)"),
  /** Share of requests that failed. */
  ERROR_RATE(
      "ratio", VALUE, LOWER, "failed ÷ (ok + failed)", "none: incomplete requests are apart"),
  /** Share of slow outliers. */
  SPIKE_RATE(
      "ratio",
      VALUE,
      LOWER,
      "requests whose e2e exceeds mean + 3 × sample standard deviation ÷ OK requests;"
          + " absent below 10",
      "none"),
  /** Share of the exact neighbours that a search found. */
  RECALL_AT_K(
      "ratio",
      DISTRIBUTION,
      HIGHER,
      "ids among both the k hits and the k exact neighbours ÷ k; one sample a search whose exact"
          + " neighbours are known",
      "ANN-Benchmarks k-nn recall, VectorDBBench recall"),
  AGENT_SPEEDUP(
      suite("x", VALUE, HIGHER),
      "agents: tokens a second of the group ÷ those of one agent, each Σ n ÷ (last end − first sent)",
      "agent-memory speedup_3_agents, speedup_5_agents"),
  RESUME_SPEEDUP(
      suite("x", VALUE, HIGHER),
      "cache: median ttft cold ÷ median time to resume, per size; of all sizes the least",
      "agent-memory cold_vs_cache_comparison.speedup, on ttft"),
  CACHE_SAVE(
      suite("ms", DISTRIBUTION, LOWER),
      "cache: terminator − last token where the server saves by itself, else e2e of the call",
      "agent-memory cache_save_time_by_size"),
  CACHE_LOAD(
      suite("ms", DISTRIBUTION, LOWER),
      "cache: e2e of the call that brings a session back from disk",
      "agent-memory cache_load_time_by_size"),
  CACHE_UNLOAD(
      suite("ms", DISTRIBUTION, LOWER),
      "cache: e2e of the call that drops a session from memory",
      "none"),
  CACHE_MEMORY(
      suite("MiB", VALUE, LOWER),
      "memory: server's memory with the sessions − before them, medians of the readings",
      "agent-memory cache_memory_mb"),
  MEMORY_PER_AGENT(
      suite("MiB", VALUE, LOWER),
      "memory: cache_memory ÷ sessions",
      "agent-memory memory_per_agent_mb"),
  MEMORY_OVERHEAD(
      suite("ratio", VALUE, LOWER),
      "memory: (cache_memory − theoretical) ÷ theoretical, by the shape of the model's cache",
      "agent-memory variance_pct ÷ 100"),
  PADDING_OVERHEAD(
      suite("ratio", VALUE, LOWER),
      "memory: Σ (⌈t ÷ block⌉ × block − t) ÷ Σ t over the sessions' tokens t",
      "agent-memory padding_overhead_pct ÷ 100"),
  MEMORY_GROWTH(
      suite("ratio", VALUE, LOWER),
      "soak: mean memory of the last window ÷ of the first − 1",
      "agent-memory memory_growth_pct ÷ 100"),
  MEMORY_LEAK_SLOPE(
      suite("MiB/h", VALUE, LOWER),
      "soak: least-squares slope of the memory readings over time",
      "none"),
  E2E_P95_DRIFT(
      suite("ratio", VALUE, LOWER),
      "soak: p95 of e2e in the last window ÷ in the first − 1; absent below 20 requests in either",
      "agent-memory p95_degradation_pct ÷ 100"),
  /** The most memory that the server used. */
  PEAK_MEMORY(
      suite("MiB", VALUE, LOWER),
      "most memory in use by the GPUs, else by the server or its process",
      "sagellm-benchmark peak_mem_mb"),
  /** Share of prompt tokens from the cache. */
  PREFIX_HIT_RATE(
      suite("ratio", VALUE, HIGHER),
      "growth of the server's counters, cached ÷ prompt tokens, else hits ÷ looked up; of the"
          + " contract the mean of cached ÷ prompt tokens by each OK request's usage, where told",
      "sagellm-benchmark prefix_hit_rate"),
  /** Share of drafted tokens that were accepted. */
  SPEC_ACCEPT_RATE(
      suite("ratio", VALUE, HIGHER),
      "growth of the server's counters, accepted ÷ drafted tokens",
      "sagellm-benchmark spec_accept_rate, vLLM's draft acceptance rate"),
  /** How full the host's memory was. */
  HOST_MEMORY_PEAK(suite("ratio", VALUE, LOWER), "most used ÷ all memory of the host", "none"),
  /** How long a part of a suite took. */
  PART_DURATION(suite("s", VALUE, NEITHER), "last end − first sent of the part's requests", "none"),
  /** Share of complete answers that are JSON. */
  OUTPUT_FORMAT_ACCURACY(
      suite("ratio", VALUE, HIGHER),
      "answers that are one JSON value ÷ complete answers to an ask for JSON",
      "none"),
  /** Share of failures that the server owned up to. */
  ERROR_HANDLING_EFFECTIVENESS(
      suite("ratio", VALUE, HIGHER),
      "failed requests with an error status and a message ÷ failed requests; absent if none failed",
      "none"),
  /** The injector's own time for a validation. */
  VALIDATION_TIME(
      suite("ms", DISTRIBUTION, LOWER),
      "compiling the JSON Schema and validating the answer, on the injector, after the last stamp",
      "none"),
  /** All tokens of a call per second. */
  CALL_TOKENS_PER_SECOND(
      suite("tok/s", DISTRIBUTION, HIGHER),
      "token speed: (input tokens + n) ÷ (end − sent) of a call: one request, or all of a batch",
      "PyAgent tokens_per_second"),
  /** Output tokens of a call per second. */
  CALL_OUTPUT_TOKENS_PER_SECOND(
      suite("tok/s", DISTRIBUTION, HIGHER),
      "token speed: n ÷ (end − sent) of a call: one request, or all of a batch",
      "PyAgent tokens_per_second_output_only"),
  /** A batch's speed shared out over its requests. */
  THROUGHPUT_PER_ITEM(
      suite("tok/s", VALUE, HIGHER),
      "token speed: Σ (input tokens + n) ÷ Σ (last end − first sent) of the batches ÷ their size",
      "PyAgent throughput_per_item"),
  /** What a batch gains over single requests. */
  BATCH_SPEEDUP(
      suite("ratio", VALUE, HIGHER),
      "token speed: output tokens a second of the batches ÷ those of the single requests of the"
          + " same prompts, each Σ n ÷ Σ time",
      "none"),
  /** What streaming costs or gains. */
  STREAMING_RATIO(
      suite("ratio", VALUE, HIGHER),
      "token speed: output tokens a second of the streamed requests ÷ those of the whole answers to"
          + " the same prompts, each Σ n ÷ Σ time",
      "none"),
  /** Share of slow outliers, by a limit that outliers do not move. */
  SPIKE_RATE_ROBUST(
      suite("ratio", VALUE, LOWER),
      "requests whose e2e exceeds median + 3 × 1.4826 × median absolute deviation ÷ OK requests;"
          + " absent below 10",
      "none"),
  /** Share of a burst's requests that steady load would not have known. */
  SPIKE_RATE_VS_STEADY(
      suite("ratio", VALUE, LOWER),
      "requests of the bursts whose e2e exceeds mean + 3 × sample standard deviation of steady load"
          + " ÷ OK requests of the bursts; absent below 10 of either",
      "none"),
  /** The most concurrency that was borne. */
  MAX_SUSTAINABLE_LOAD(
      suite("users", VALUE, HIGHER),
      "the highest concurrency below the breaking point that kept every rule",
      "mini-biai-1 max_sustainable_load, refined levels included"),
  /** The concurrency at which the server breaks. */
  BREAKING_POINT(
      suite("users", VALUE, HIGHER),
      "the lowest concurrency that broke a rule; absent if none did",
      "none"),
  /** How much slower answers became under a load that did not change. */
  P95_DEGRADATION(
      suite("ratio", VALUE, LOWER),
      "p95 of e2e of a held load's last window ÷ that of its first − 1, the largest of all tests;"
          + " absent below 10 requests of either",
      "none"),
  /** The share of tests that were borne. */
  STABILITY(
      suite("ratio", VALUE, HIGHER),
      "stable tests ÷ tests that could be judged",
      "mini-biai-1 overall_stability, over judged tests alone");

  /** Whose records a metric is made of. */
  public enum Origin {
    /** The requests of a scope: every scope has it, or says why not. */
    REQUESTS,
    /** A suite's parts, compared: only it has it; or telemetry, see {@link ResourceMetric}. */
    SUITE
  }

  /** Whether a metric is a distribution or a single number. */
  public enum Shape {
    /** Many samples. */
    DISTRIBUTION,
    /** One number. */
    VALUE
  }

  /** Which direction is better. */
  public enum Better {
    /** Lower is better. */
    LOWER,
    /** Higher is better. */
    HIGHER,
    /** Neither is. */
    NEITHER
  }

  private record Sort(Origin origin, String unit, Shape shape, Better better) {}

  private final Origin origin;
  private final String unit;
  private final Shape shape;
  private final Better better;
  private final String formula;
  private final String equalTo;

  MetricId(String unit, Shape shape, Better better, String formula, String equalTo) {
    this(new Sort(Origin.REQUESTS, unit, shape, better), formula, equalTo);
  }

  MetricId(Sort sort, String formula, String equalTo) {
    origin = sort.origin();
    unit = sort.unit();
    shape = sort.shape();
    better = sort.better();
    this.formula = formula;
    this.equalTo = equalTo;
  }

  private static Sort suite(String unit, Shape shape, Better better) {
    return new Sort(Origin.SUITE, unit, shape, better);
  }

  /** The id used in files, for example {@code ttft_from_intended}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whose records it is made of. */
  public Origin origin() {
    return origin;
  }

  /** The unit of every number of the metric. */
  public String unit() {
    return unit;
  }

  /** Distribution or single number. */
  public Shape shape() {
    return shape;
  }

  /** The better direction. */
  public Better better() {
    return better;
  }

  /** The formula in words. */
  public String formula() {
    return formula;
  }

  /** Which other tool's number it equals. */
  public String equalTo() {
    return equalTo;
  }

  /** The metric of that id, if there is one. */
  public static Optional<MetricId> of(String id) {
    return Arrays.stream(values()).filter(metric -> metric.id().equals(id)).findFirst();
  }
}
