package llmload.model;

import static llmload.model.MetricId.Better.HIGHER;
import static llmload.model.MetricId.Better.LOWER;
import static llmload.model.MetricId.Better.NEITHER;
import static llmload.model.MetricId.Shape.DISTRIBUTION;
import static llmload.model.MetricId.Shape.VALUE;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every metric that is made of telemetry: its id, unit, shape, better direction, formula and whose
 * number it equals. They are of the measured window and stand in the scope {@code all}.
 *
 * <p>{@code D} is the growth of a counter over the window, by straight lines at both edges. A
 * distribution here is a gauge over time: its mean is weighed by time, min and max are those of the
 * samples, and it has no percentiles.
 */
public enum ResourceMetric {
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
      "s", VALUE, LOWER, "time that loading the weights took", "SGLang startup_time_seconds"),
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
      "ratio", DISTRIBUTION, NEITHER, "share of this machine's processor time not idle", "none");

  /** The core metrics that telemetry gives in every run, and a suite in its own scopes. */
  public static final Set<MetricId> CORE =
      Set.of(MetricId.PEAK_MEMORY, MetricId.PREFIX_HIT_RATE, MetricId.SPEC_ACCEPT_RATE);

  private final String unit;
  private final MetricId.Shape shape;
  private final MetricId.Better better;
  private final String formula;
  private final String equalTo;

  ResourceMetric(
      String unit, MetricId.Shape shape, MetricId.Better better, String formula, String equalTo) {
    this.unit = unit;
    this.shape = shape;
    this.better = better;
    this.formula = formula;
    this.equalTo = equalTo;
  }

  /** The id used in files, for example {@code energy_per_output_token}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit of every number of the metric. */
  public String unit() {
    return unit;
  }

  /** Over time or single number. */
  public MetricId.Shape shape() {
    return shape;
  }

  /** The better direction. */
  public MetricId.Better better() {
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
  public static Optional<ResourceMetric> of(String id) {
    return Arrays.stream(values()).filter(metric -> metric.id().equals(id)).findFirst();
  }

  /** Whether {@code id} is a metric made of telemetry, one of the core metrics or one of these. */
  public static boolean isTelemetry(String id) {
    return of(id).isPresent() || MetricId.of(id).filter(CORE::contains).isPresent();
  }
}
