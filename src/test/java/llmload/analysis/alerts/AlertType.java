package llmload.analysis.alerts;

import java.util.Locale;

/** What an alert is about: mini-biai-1's eleven, by performance, resources and stability. */
public enum AlertType {
  /** Tokens a second below the limit. */
  TOKEN_THROUGHPUT,
  /** Time to first token above it. */
  TTFT,
  /** More spikes than a stable server has. */
  SPIKE_RATE,
  /** Retrieval slower than the limit. */
  RETRIEVAL_LATENCY,
  /** Memory nearly used up. */
  MEMORY_USAGE,
  /** Processors nearly used up. */
  CPU_UTILIZATION,
  /** A GPU too busy or too hot. */
  GPU_UTILIZATION,
  /** Too much energy a token. */
  ENERGY_CONSUMPTION,
  /** Too many failures. */
  ERROR_RATE,
  /** Slower than the baseline. */
  REGRESSION,
  /** Requests end, and none of them well: a crash, or nothing but timeouts. */
  SYSTEM_INSTABILITY;

  /** The word in files, {@code token_throughput}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
