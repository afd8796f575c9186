package llmload.model;

import static llmload.model.Metric.Better.HIGHER;
import static llmload.model.Metric.Better.LOWER;
import static llmload.model.Metric.Better.NEITHER;
import static llmload.model.Metric.Shape.DISTRIBUTION;
import static llmload.model.Metric.Shape.VALUE;

/**
 * The metrics that compare the parts of a suite, each of which only the suite that its formula
 * names has.
 */
public enum SuiteMetric implements Metric {
  AGENT_SPEEDUP(
      "x",
      VALUE,
      HIGHER,
      "agents: tokens a second of the group ÷ those of one agent, each Σ n ÷ (last end − first sent)",
      "agent-memory speedup_3_agents, speedup_5_agents"),
  RESUME_SPEEDUP(
      "x",
      VALUE,
      HIGHER,
      "cache: median ttft cold ÷ median time to resume, per size; of all sizes the least",
      "agent-memory cold_vs_cache_comparison.speedup, on ttft"),
  CACHE_SAVE(
      "ms",
      DISTRIBUTION,
      LOWER,
      "cache: terminator − last token where the server saves by itself, else e2e of the call",
      "agent-memory cache_save_time_by_size"),
  CACHE_LOAD(
      "ms",
      DISTRIBUTION,
      LOWER,
      "cache: e2e of the call that brings a session back from disk",
      "agent-memory cache_load_time_by_size"),
  CACHE_UNLOAD(
      "ms", DISTRIBUTION, LOWER, "cache: e2e of the call that drops a session from memory", "none"),
  CACHE_MEMORY(
      "MiB",
      VALUE,
      LOWER,
      "memory: server's memory with the sessions − before them, medians of the readings",
      "agent-memory cache_memory_mb"),
  MEMORY_PER_AGENT(
      "MiB", VALUE, LOWER, "memory: cache_memory ÷ sessions", "agent-memory memory_per_agent_mb"),
  MEMORY_OVERHEAD(
      "ratio",
      VALUE,
      LOWER,
      "memory: (cache_memory − theoretical) ÷ theoretical, by the shape of the model's cache",
      "agent-memory variance_pct ÷ 100"),
  PADDING_OVERHEAD(
      "ratio",
      VALUE,
      LOWER,
      "memory: Σ (⌈t ÷ block⌉ × block − t) ÷ Σ t over the sessions' tokens t",
      "agent-memory padding_overhead_pct ÷ 100"),
  MEMORY_GROWTH(
      "ratio",
      VALUE,
      LOWER,
      "soak: mean memory of the last window ÷ of the first − 1",
      "agent-memory memory_growth_pct ÷ 100"),
  MEMORY_LEAK_SLOPE(
      "MiB/h", VALUE, LOWER, "soak: least-squares slope of the memory readings over time", "none"),
  E2E_P95_DRIFT(
      "ratio",
      VALUE,
      LOWER,
      "soak: p95 of e2e in the last window ÷ in the first − 1; absent below 20 requests in either",
      "agent-memory p95_degradation_pct ÷ 100"),
  /** How long a part of a suite took. */
  PART_DURATION("s", VALUE, NEITHER, "last end − first sent of the part's requests", "none"),
  /** Share of complete answers that are JSON. */
  OUTPUT_FORMAT_ACCURACY(
      "ratio",
      VALUE,
      HIGHER,
      "answers that are one JSON value ÷ complete answers to an ask for JSON",
      "none"),
  /** Share of failures that the server owned up to. */
  ERROR_HANDLING_EFFECTIVENESS(
      "ratio",
      VALUE,
      HIGHER,
      "failed requests with an error status and a message ÷ failed requests; absent if none failed",
      "none"),
  /** The injector's own time for a validation. */
  VALIDATION_TIME(
      "ms",
      DISTRIBUTION,
      LOWER,
      "compiling the JSON Schema and validating the answer, on the injector, after the last stamp",
      "none"),
  /** All tokens of a call per second. */
  CALL_TOKENS_PER_SECOND(
      "tok/s",
      DISTRIBUTION,
      HIGHER,
      "token speed: (input tokens + n) ÷ (end − sent) of a call: one request, or all of a batch",
      "PyAgent tokens_per_second"),
  /** Output tokens of a call per second. */
  CALL_OUTPUT_TOKENS_PER_SECOND(
      "tok/s",
      DISTRIBUTION,
      HIGHER,
      "token speed: n ÷ (end − sent) of a call: one request, or all of a batch",
      "PyAgent tokens_per_second_output_only"),
  /** A batch's speed shared out over its requests. */
  THROUGHPUT_PER_ITEM(
      "tok/s",
      VALUE,
      HIGHER,
      "token speed: Σ (input tokens + n) ÷ Σ (last end − first sent) of the batches ÷ their size",
      "PyAgent throughput_per_item"),
  /** What a batch gains over single requests. */
  BATCH_SPEEDUP(
      "ratio",
      VALUE,
      HIGHER,
      "token speed: output tokens a second of the batches ÷ those of the single requests of the"
          + " same prompts, each Σ n ÷ Σ time",
      "none"),
  /** What streaming costs or gains. */
  STREAMING_RATIO(
      "ratio",
      VALUE,
      HIGHER,
      "token speed: output tokens a second of the streamed requests ÷ those of the whole answers to"
          + " the same prompts, each Σ n ÷ Σ time",
      "none"),
  /** Share of slow outliers, by a limit that outliers do not move. */
  SPIKE_RATE_ROBUST(
      "ratio",
      VALUE,
      LOWER,
      "requests whose e2e exceeds median + 3 × 1.4826 × median absolute deviation ÷ OK requests;"
          + " absent below 10",
      "none"),
  /** Share of a burst's requests that steady load would not have known. */
  SPIKE_RATE_VS_STEADY(
      "ratio",
      VALUE,
      LOWER,
      "requests of the bursts whose e2e exceeds mean + 3 × sample standard deviation of steady load"
          + " ÷ OK requests of the bursts; absent below 10 of either",
      "none"),
  /** The most concurrency that was borne. */
  MAX_SUSTAINABLE_LOAD(
      "users",
      VALUE,
      HIGHER,
      "the highest concurrency below the breaking point that kept every rule",
      "mini-biai-1 max_sustainable_load, refined levels included"),
  /** The concurrency at which the server breaks. */
  BREAKING_POINT(
      "users",
      VALUE,
      HIGHER,
      "the lowest concurrency that broke a rule; absent if none did",
      "none"),
  /** How much slower answers became under a load that did not change. */
  P95_DEGRADATION(
      "ratio",
      VALUE,
      LOWER,
      "p95 of e2e of a held load's last window ÷ that of its first − 1, the largest of all tests;"
          + " absent below 10 requests of either",
      "none"),
  /** The share of tests that were borne. */
  STABILITY(
      "ratio",
      VALUE,
      HIGHER,
      "stable tests ÷ tests that could be judged",
      "mini-biai-1 overall_stability, over judged tests alone");

  @SuppressWarnings("ImmutableEnumChecker") // A record of texts and constants.
  private final Definition definition;

  SuiteMetric(String unit, Shape shape, Better better, String formula, String equalTo) {
    definition = new Definition(unit, shape, better, formula, equalTo);
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
