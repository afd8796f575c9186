package llmload.analysis.alerts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmload.analysis.alerts.Alert.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Raises alerts, each type at most once in its cooldown, whatever the type. Limits are strict: a
 * value that meets its limit raises nothing. One thread.
 */
public final class AlertEngine {
  /** How long a type is silent once it was raised. */
  public static final Duration COOLDOWN = Duration.ofMinutes(5);

  private static final double THROUGHPUT_CRITICAL = 0.8;
  private static final double TTFT_CRITICAL = 1.5;
  private static final double PERCENT = 100;

  private final AlertLimits limits;
  private final Map<AlertType, Long> lastRaised = new EnumMap<>(AlertType.class);
  private final List<Alert> raised = new ArrayList<>();
  private long atNanos;

  /** An engine that has raised nothing yet. */
  public AlertEngine(AlertLimits limits) {
    this.limits = limits;
  }

  /** The alerts that {@code window} raises; windows come in the order of their time. */
  public List<Alert> accept(AlertWindow window) {
    raised.clear();
    atNanos = window.atNanos();
    performance(window);
    resources(window);
    stability(window);
    return List.copyOf(raised);
  }

  private void performance(AlertWindow window) {
    Double speed = window.tokensPerSecond();
    if (speed != null && speed < limits.tokensPerSecond()) {
      boolean critical = speed <= THROUGHPUT_CRITICAL * limits.tokensPerSecond();
      raise(
          AlertType.TOKEN_THROUGHPUT,
          critical,
          line("tokens per second %.1f below %.1f", speed, limits.tokensPerSecond()));
    }
    Double ttft = window.ttftMillis();
    if (ttft != null && ttft > limits.ttftMillis()) {
      boolean critical = ttft >= TTFT_CRITICAL * limits.ttftMillis();
      raise(
          AlertType.TTFT,
          critical,
          line("time to first token %.1f ms above %.1f ms", ttft, limits.ttftMillis()));
    }
    above(AlertType.SPIKE_RATE, "spikes", window.spikeRatio(), limits.spikeRatio(), false);
    Double retrieval = window.retrievalMillis();
    if (retrieval != null && retrieval > limits.retrievalMillis()) {
      raise(
          AlertType.RETRIEVAL_LATENCY,
          false,
          line("retrieval %.1f ms above %.1f ms", retrieval, limits.retrievalMillis()));
    }
  }

  private void resources(AlertWindow window) {
    above(
        AlertType.MEMORY_USAGE,
        "this machine's memory",
        window.memoryRatio(),
        limits.memoryRatio(),
        true);
    Double cpu = window.cpuRatio();
    boolean critical = cpu != null && cpu >= limits.cpuCriticalRatio();
    above(AlertType.CPU_UTILIZATION, "this machine's CPU", cpu, limits.cpuRatio(), critical);
    Double gpuLimit = limits.gpuRatio();
    if (gpuLimit != null) {
      above(AlertType.GPU_UTILIZATION, "GPU", window.gpuRatio(), gpuLimit, false);
    }
    Double heatLimit = limits.gpuCelsius();
    Double heat = window.gpuCelsius();
    if (heatLimit != null && heat != null && heat > heatLimit) {
      raise(AlertType.GPU_UTILIZATION, true, line("GPU at %.0f °C above %.0f °C", heat, heatLimit));
    }
    Double energy = window.energyPerTokenJoules();
    if (energy != null && energy > limits.energyPerTokenJoules()) {
      raise(
          AlertType.ENERGY_CONSUMPTION,
          false,
          line("energy per token %.2f J above %.2f J", energy, limits.energyPerTokenJoules()));
    }
  }

  private void stability(AlertWindow window) {
    long ended = window.okCount() + window.failedCount();
    if (ended > 0) {
      double errors = (double) window.failedCount() / ended;
      above(AlertType.ERROR_RATE, "errors", errors, limits.errorRatio(), false);
      if (window.okCount() == 0) {
        raise(
            AlertType.SYSTEM_INSTABILITY,
            true,
            "none of %d requests succeeded".formatted(window.failedCount()));
      }
    }
    Double change = window.throughputChangeRatio();
    if (change != null && change < -limits.regressionRatio()) {
      raise(
          AlertType.REGRESSION,
          false,
          line(
              "tokens per second changed by %.1f %% against the baseline, below %.1f %%",
              change * PERCENT, -limits.regressionRatio() * PERCENT));
    }
  }

  private void above(
      AlertType type, String what, @Nullable Double ratio, double limit, boolean critical) {
    if (ratio != null && ratio > limit) {
      raise(
          type, critical, line(what + " %.1f %% above %.1f %%", ratio * PERCENT, limit * PERCENT));
    }
  }

  private void raise(AlertType type, boolean critical, String message) {
    Long last = lastRaised.get(type);
    if (last != null && atNanos - last < COOLDOWN.toNanos()) {
      return;
    }
    lastRaised.put(type, atNanos);
    raised.add(new Alert(atNanos, type, critical ? Severity.CRITICAL : Severity.WARNING, message));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static String line(String format, double value, double limit) {
    return String.format(Locale.ROOT, format, value, limit);
  }
}
