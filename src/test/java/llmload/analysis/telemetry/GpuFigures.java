package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.metrics.timeline.EnergyRules;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.model.MetricSummary;
import llmload.model.ResourceMetric;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** Energy, throttling, utilisation and memory of the GPUs over the measured window. */
final class GpuFigures {
  private static final double MIB = 1L << 20;
  private static final String NO_OUTPUT = "no output token was counted";
  private static final String NONE_OK = "no request succeeded";

  private final Watch watch;
  private final IdlePower idle;
  private final EnergyRules energy;
  private final List<Track> cards;
  private final List<String> remarks = new ArrayList<>();

  /** What the energy was spent on; {@code null} is not known. */
  record Work(@Nullable Long outputTokens, @Nullable Long okCount, @Nullable Long goodCount) {}

  GpuFigures(Watch watch, IdlePower idle) {
    this.watch = watch;
    this.idle = idle;
    this.energy = new EnergyRules(watch.coverage());
    this.cards = EnergyRules.cards(watch.of(Watch.GPU));
  }

  void into(Map<String, MetricSummary> metrics, Work work) {
    MetricSummary energy = energy();
    put(metrics, ResourceMetric.ENERGY, energy);
    Double joules = energy.value();
    double seconds = watch.window().seconds();
    put(metrics, ResourceMetric.MEAN_POWER, ratio("W", joules, seconds, energy, "no time passed"));
    put(
        metrics,
        ResourceMetric.ENERGY_PER_OUTPUT_TOKEN,
        ratio("J/tok", joules, work.outputTokens(), energy, NO_OUTPUT));
    put(
        metrics,
        ResourceMetric.ENERGY_PER_REQUEST,
        ratio("J/req", joules, work.okCount(), energy, NONE_OK));
    put(
        metrics,
        ResourceMetric.ENERGY_PER_GOOD_REQUEST,
        ratio(
            "J/req",
            joules,
            work.goodCount(),
            energy,
            work.goodCount() == null
                ? "no target limits a latency, so that no request is good or bad"
                : "no request was good"));
    put(metrics, ResourceMetric.OUTPUT_TOKENS_PER_JOULE, perJoule(work.outputTokens(), energy));
    net(metrics, work, energy);
    put(metrics, ResourceMetric.GPU_UTILIZATION, utilization());
    put(
        metrics,
        ResourceMetric.GPU_MEMORY,
        watch.gauge(Watch.GPU, TelemetryId.MEMORY_USED_BYTES, "MiB", 1 / MIB, true));
    put(
        metrics,
        ResourceMetric.THROTTLED_POWER_TIME,
        throttled(TelemetryId.THROTTLED_POWER_SECONDS, TelemetryId.THROTTLED_POWER_RATIO));
    put(
        metrics,
        ResourceMetric.THROTTLED_THERMAL_TIME,
        throttled(TelemetryId.THROTTLED_THERMAL_SECONDS, TelemetryId.THROTTLED_THERMAL_RATIO));
  }

  /** The same without what is drawn when nothing is asked. */
  private void net(Map<String, MetricSummary> metrics, Work work, MetricSummary energy) {
    MetricSummary power =
        energy.notMeasured() != null
            ? MetricSummary.absent("W", energy.notMeasured())
            : cards.isEmpty()
                ? idle.of(EnergyRules.zones(watch.of(Watch.HOST)), this.energy::ofZone)
                : idle.of(cards, this.energy::ofCard);
    put(metrics, ResourceMetric.IDLE_POWER, power);
    Double gross = energy.value();
    Double watts = power.value();
    MetricSummary net =
        gross == null || watts == null
            ? MetricSummary.absent("J", String.valueOf(power.notMeasured()))
            : MetricSummary.ofValue("J", gross - watts * watch.window().seconds(), energy.count());
    put(metrics, ResourceMetric.NET_ENERGY, net);
    put(
        metrics,
        ResourceMetric.NET_ENERGY_PER_OUTPUT_TOKEN,
        ratio("J/tok", net.value(), work.outputTokens(), net, NO_OUTPUT));
    put(
        metrics,
        ResourceMetric.NET_ENERGY_PER_REQUEST,
        ratio("J/req", net.value(), work.okCount(), net, NONE_OK));
  }

  /** How the numbers came about. */
  List<String> remarks() {
    return remarks;
  }

  private static void put(
      Map<String, MetricSummary> metrics, ResourceMetric id, MetricSummary summary) {
    metrics.put(id.id(), summary);
  }

  private static MetricSummary ratio(
      String unit,
      @Nullable Double joules,
      @Nullable Number by,
      MetricSummary energy,
      String none) {
    if (joules == null) {
      return MetricSummary.absent(unit, String.valueOf(energy.notMeasured()));
    }
    return by == null || by.doubleValue() <= 0
        ? MetricSummary.absent(unit, none)
        : MetricSummary.ofValue(unit, joules / by.doubleValue(), energy.count());
  }

  private static MetricSummary perJoule(@Nullable Long tokens, MetricSummary energy) {
    Double joules = energy.value();
    if (joules == null) {
      return MetricSummary.absent("tok/J", String.valueOf(energy.notMeasured()));
    }
    if (tokens == null || tokens <= 0) {
      return MetricSummary.absent("tok/J", NO_OUTPUT);
    }
    return joules <= 0
        ? MetricSummary.absent("tok/J", "no energy was counted")
        : MetricSummary.ofValue("tok/J", tokens / joules, energy.count());
  }

  private MetricSummary energy() {
    if (cards.isEmpty()) {
      return processorEnergy();
    }
    double sum = 0;
    int counted = 0;
    for (Track card : cards) {
      Double joules = energy.ofCard(card, watch.window());
      counted += energy.counted(card, watch.window()) == null ? 0 : 1;
      if (joules == null) {
        return MetricSummary.absent("J", whyNoEnergy(card));
      }
      sum += joules;
    }
    remarks.add(
        "Energy is that of the GPUs alone, %s of %s measured: %s by their energy counter, %s by"
                .formatted(cards.size(), cards.size(), counted, cards.size() - counted)
            + " integrating their power. It holds what they draw when idle; net_energy does not.");
    return MetricSummary.ofValue("J", sum, cards.size());
  }

  private String whyNoEnergy(Track card) {
    String name = card.labels().getOrDefault("uuid", "a GPU");
    TelemetryId told =
        card.of(TelemetryId.POWER_WATTS) == null && card.of(TelemetryId.ENERGY_JOULES) != null
            ? TelemetryId.ENERGY_JOULES
            : TelemetryId.POWER_WATTS;
    String why = watch.why(Watch.GPU, card, told);
    return cards.size() == 1 ? why : why + ", of " + name + " among " + cards.size() + " GPUs";
  }

  /** Of this machine, which is the server's only where its process was found here. */
  private MetricSummary processorEnergy() {
    String none = watch.silence(Watch.GPU);
    if (watch.of(Watch.PROCESS).isEmpty()) {
      return MetricSummary.absent("J", none);
    }
    List<Track> zones = EnergyRules.zones(watch.of(Watch.HOST));
    double sum = 0;
    for (Track zone : zones) {
      Double joules = energy.ofZone(zone, watch.window());
      if (joules == null) {
        return MetricSummary.absent("J", watch.why(Watch.HOST, zone, TelemetryId.ENERGY_JOULES));
      }
      sum += joules;
    }
    if (zones.isEmpty()) {
      String rapl = watch.silence("host rapl");
      return MetricSummary.absent(
          "J",
          none + ", and of the processors " + rapl.replace("no host rapl was read", "no RAPL"));
    }
    remarks.add(
        "Energy is that of this machine's processors by RAPL, the injector's share included.");
    return MetricSummary.ofValue("J", sum, zones.size());
  }

  private MetricSummary utilization() {
    for (TelemetryId id :
        List.of(
            TelemetryId.GPU_BUSY_RATIO,
            TelemetryId.ENGINE_ACTIVE_RATIO,
            TelemetryId.SM_ACTIVE_RATIO)) {
      MetricSummary summary = watch.gauge(Watch.GPU, id, "ratio", 1, false);
      if (summary.notMeasured() == null) {
        remarks.add(
            "GPU utilisation is "
                + id.id()
                + ": a share of time in which anything ran, which says little of how much ran.");
        return summary;
      }
    }
    return watch.gauge(Watch.GPU, TelemetryId.GPU_BUSY_RATIO, "ratio", 1, false);
  }

  private MetricSummary throttled(TelemetryId counter, TelemetryId flag) {
    if (cards.isEmpty()) {
      return MetricSummary.absent("s", watch.silence(Watch.GPU));
    }
    double sum = 0;
    for (Track card : cards) {
      Timeline counted = card.of(counter);
      Growth growth = watch.growth(counted);
      Double seconds = growth == null ? watch.integral(card, flag) : Double.valueOf(growth.value());
      if (seconds == null) {
        return MetricSummary.absent(
            "s", watch.why(Watch.GPU, card, counted == null ? flag : counter));
      }
      sum += seconds;
    }
    return MetricSummary.ofValue("s", sum, cards.size());
  }
}
