package llmload.model;

import static llmload.model.Metric.Better.HIGHER;
import static llmload.model.Metric.Better.LOWER;
import static llmload.model.Metric.Better.NEITHER;
import static llmload.model.Metric.Shape.DISTRIBUTION;
import static llmload.model.Metric.Shape.VALUE;

/**
 * Every metric that is made of telemetry: its id, unit, shape, better direction, formula and whose
 * number it equals. They are of the measured window and stand in the scope {@code all}.
 *
 * <p>{@code D} is the growth of a counter over the window, by straight lines at both edges. A
 * distribution here is a gauge over time: its mean is weighed by time, min and max are those of the
 * samples, and it has no percentiles.
 */
public enum ResourceMetric implements Metric {
  ENERGY(
      "J",
      VALUE,
      LOWER,
      "Σ over GPUs of D(energy counter), else ∫ power; without a GPU, a local server's RAPL"
          + " packages and their memory",
      "AIPerf total energy"),
  MEAN_POWER("W", VALUE, LOWER, "energy ÷ window", "none"),
  ENERGY_PER_OUTPUT_TOKEN(
      "J/tok",
      VALUE,
      LOWER,
      "energy ÷ Σ n of OK requests",
      "AIPerf energy per output token, roughly"),
  ENERGY_PER_REQUEST("J/req", VALUE, LOWER, "energy ÷ OK requests", "AIPerf energy per request"),
  ENERGY_PER_GOOD_REQUEST("J/req", VALUE, LOWER, "energy ÷ good requests", "none"),
  OUTPUT_TOKENS_PER_JOULE(
      "tok/J", VALUE, HIGHER, "Σ n of OK requests ÷ energy", "AIPerf output tokens per joule"),
  IDLE_POWER(
      "W",
      VALUE,
      LOWER,
      "energy over `telemetry.lead`, of 30 s at least, up to the first request ÷ that time",
      "none"),
  NET_ENERGY("J", VALUE, LOWER, "energy − idle_power × window", "none"),
  NET_ENERGY_PER_OUTPUT_TOKEN("J/tok", VALUE, LOWER, "net_energy ÷ Σ n of OK requests", "none"),
  NET_ENERGY_PER_REQUEST("J/req", VALUE, LOWER, "net_energy ÷ OK requests", "none"),
  GPU_UTILIZATION(
      "ratio",
      DISTRIBUTION,
      NEITHER,
      "share of time in which a kernel ran, mean over GPUs",
      "nvidia-smi utilization.gpu, DCGM GPU_UTIL ÷ 100"),
  GPU_MEMORY("MiB", DISTRIBUTION, LOWER, "memory in use, Σ over GPUs", "DCGM FB_USED"),
  THROTTLED_POWER_TIME(
      "s",
      VALUE,
      LOWER,
      "Σ over GPUs of D(time slowed by the power limit), else ∫ of its flag",
      "none"),
  THROTTLED_THERMAL_TIME(
      "s", VALUE, LOWER, "Σ over GPUs of D(time slowed by heat), else ∫ of its flag", "none"),
  THROTTLED_TIME(
      "s",
      VALUE,
      LOWER,
      "Σ over GPUs of the time slowed for any reason: the longest of its counters, and of the time"
          + " in which a flag without one held",
      "none"),
  KV_USED_TOKENS(
      "tok",
      DISTRIBUTION,
      NEITHER,
      "tokens in the KV cache, Σ over servers",
      "vLLM kv_cache_usage_perc × size"),
  KV_USED_BYTES(
      "B",
      DISTRIBUTION,
      NEITHER,
      "share in use × bytes of the cache, else tokens × `telemetry.kvBytesPerToken`",
      "none"),
  KV_USED_RATIO(
      "ratio",
      DISTRIBUTION,
      NEITHER,
      "share of the KV cache in use, mean over servers",
      "vLLM kv_cache_usage_perc, SGLang token_usage"),
  PREFIX_HIT_RATE(
      "ratio",
      VALUE,
      HIGHER,
      "growth of the server's counters, cached ÷ prompt tokens, else hits ÷ looked up, else by the"
          + " usage of every OK answer; of the contract the mean of cached ÷ prompt tokens by each OK request's usage, where told",
      "sagellm-benchmark prefix_hit_rate"),
  EVICTED_TOKENS(
      "tok",
      VALUE,
      LOWER,
      "D(evicted tokens), else D(evicted blocks) × tokens of a block",
      "SGLang evicted_tokens"),
  EVICTIONS(
      "count",
      VALUE,
      LOWER,
      "D(passes of eviction), else D(evicted blocks)",
      "SGLang eviction_duration_seconds_count"),
  EVICTION_TIME(
      "ms", VALUE, LOWER, "D(time in passes of eviction)", "SGLang eviction_duration_seconds_sum"),
  PREEMPTIONS("count", VALUE, LOWER, "D(requests put back to make room)", "vLLM num_preemptions"),
  SPEC_ACCEPT_RATE(
      "ratio",
      VALUE,
      HIGHER,
      "growth of the server's counters, accepted ÷ drafted tokens",
      "sagellm-benchmark spec_accept_rate, vLLM's draft acceptance rate"),
  QUEUE_DEPTH(
      "req",
      DISTRIBUTION,
      LOWER,
      "requests waiting in the server, Σ over servers",
      "vLLM num_requests_waiting"),
  RUNNING_BATCH(
      "req",
      DISTRIBUTION,
      NEITHER,
      "requests computed at once, Σ over servers",
      "vLLM num_requests_running"),
  MODEL_LOAD_TIME(
      "s",
      VALUE,
      LOWER,
      "time that loading the weights took; else the longest load that an answer told, warm-up included",
      "SGLang startup_time_seconds, Ollama load_duration"),
  PEAK_MEMORY(
      "MiB",
      VALUE,
      LOWER,
      "most memory in use by the GPUs, else by the server or its process",
      "sagellm-benchmark peak_mem_mb"),
  MEAN_MEMORY(
      "MiB",
      VALUE,
      LOWER,
      "mean of the memory that peak_memory is the most of",
      "sagellm-benchmark avg_mem_mb"),
  SERVER_CPU(
      "cores",
      DISTRIBUTION,
      LOWER,
      "processor time of the server's process ÷ window; max: between two samples",
      "none"),
  HOST_CPU(
      "ratio", DISTRIBUTION, NEITHER, "share of this machine's processor time not idle", "none"),
  HOST_MEMORY_PEAK(
      "ratio",
      VALUE,
      LOWER,
      "most memory in use ÷ all memory of this machine, where the server is on it",
      "none");

  @SuppressWarnings("ImmutableEnumChecker") // A record of texts and constants.
  private final Definition definition;

  ResourceMetric(String unit, Shape shape, Better better, String formula, String equalTo) {
    definition = new Definition(unit, shape, better, formula, equalTo);
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
