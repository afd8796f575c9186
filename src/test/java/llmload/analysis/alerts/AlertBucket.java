package llmload.analysis.alerts;

import java.util.OptionalDouble;
import llmload.metrics.Distribution;
import llmload.metrics.HostLoad;
import llmload.metrics.RequestMetrics;
import llmload.metrics.SpikeGroups;
import llmload.model.CoreMetric;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import org.jspecify.annotations.Nullable;

/** What ended or was looked at in one window. */
final class AlertBucket {
  private final Distribution speed =
      new Distribution(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.unit());
  private final Distribution ttft = new Distribution(CoreMetric.TTFT.unit());
  private final SpikeGroups spikes = new SpikeGroups();
  private final Distribution retrieval = new Distribution(CoreMetric.E2E.unit());
  private final Distribution memory = new Distribution("ratio");
  private final Distribution cpu = new Distribution("ratio");
  private final Distribution gpu = new Distribution("ratio");
  private final Distribution heat = new Distribution("°C");
  private @Nullable Double gpuJoules;
  private @Nullable Double hostJoules;
  private long outputTokenCount;
  private long okCount;
  private long failedCount;

  void add(RequestRecord request) {
    if (request.outcome().isFailed()) {
      failedCount++;
      return;
    }
    if (!request.outcome().isOk()) {
      return;
    }
    okCount++;
    if (RequestKind.RETRIEVAL.id().equals(request.tags().get(Tags.KIND))) {
      RequestMetrics.sample(CoreMetric.E2E, request).ifPresent(retrieval::add);
    } else if (request.isGeneration()) {
      RequestMetrics.sample(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER, request)
          .ifPresent(speed::add);
      RequestMetrics.sample(CoreMetric.TTFT, request).ifPresent(ttft::add);
      spikes.add(request);
      outputTokenCount += RequestMetrics.outputTokens(request).orElse(0);
    }
  }

  void add(HostLoad look) {
    add(cpu, look.cpuRatio());
    add(memory, look.memoryRatio());
  }

  void addGpu(@Nullable Double busyRatio, @Nullable Double celsius) {
    add(gpu, busyRatio);
    add(heat, celsius);
  }

  void addJoules(boolean ofGpu, double joules) {
    if (ofGpu) {
      gpuJoules = joules + (gpuJoules == null ? 0 : gpuJoules);
    } else {
      hostJoules = joules + (hostJoules == null ? 0 : hostJoules);
    }
  }

  private static void add(Distribution values, @Nullable Double value) {
    if (value != null) {
      values.add(value);
    }
  }

  /** The window; {@code baseline} are output tokens a second of one stream. */
  AlertWindow window(long endNanos, @Nullable Double baseline) {
    Double tokensPerSecond = boxed(speed.mean());
    Double change =
        tokensPerSecond == null || baseline == null || baseline <= 0
            ? null
            : Double.valueOf(tokensPerSecond / baseline - 1);
    return new AlertWindow(
        endNanos,
        tokensPerSecond,
        boxed(ttft.percentile(50)),
        boxed(spikes.robustRatio()),
        boxed(retrieval.percentile(95)),
        boxed(memory.mean()),
        boxed(cpu.mean()),
        boxed(gpu.mean()),
        boxed(heat.max()),
        energyPerToken(),
        change,
        okCount,
        failedCount);
  }

  private @Nullable Double energyPerToken() {
    Double joules = gpuJoules == null ? hostJoules : gpuJoules;
    return joules == null || outputTokenCount == 0
        ? null
        : Double.valueOf(joules / outputTokenCount);
  }

  private static @Nullable Double boxed(OptionalDouble number) {
    return number.isPresent() ? Double.valueOf(number.getAsDouble()) : null;
  }
}
