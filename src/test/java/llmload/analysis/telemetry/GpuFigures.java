package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import llmload.metrics.timeline.Card;
import llmload.metrics.timeline.Coverage;
import llmload.metrics.timeline.EnergyRules;
import llmload.metrics.timeline.Track;
import llmload.model.ResourceMetric;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** Energy, utilisation and memory of the GPUs over the measured window. */
final class GpuFigures {
  private static final double MIB = 1L << 20;
  private static final String NONE_OK = "no request succeeded";

  private final Watch watch;
  private final IdlePower idle;
  private final EnergyRules energy;
  private final List<Card> cards;
  private final List<String> remarks = new ArrayList<>();

  /**
   * What the energy was spent on; {@code null} is not known.
   *
   * @param noTokens why {@code outputTokens} are not known
   */
  record Work(
      @Nullable Long outputTokens, String noTokens, Long okCount, @Nullable Long goodCount) {}

  GpuFigures(Watch watch, IdlePower idle) {
    this.watch = watch;
    this.idle = idle;
    this.energy = new EnergyRules(watch.coverage());
    this.cards = Card.of(watch.of(Watch.GPU));
  }

  void into(ResourceFigures metrics, Work work) {
    Figure energy = energy();
    metrics.put(ResourceMetric.ENERGY, energy);
    metrics.put(
        ResourceMetric.MEAN_POWER, energy.per(watch.window().seconds(), "W", "no time passed"));
    metrics.put(
        ResourceMetric.ENERGY_PER_OUTPUT_TOKEN,
        energy.per(work.outputTokens(), "J/tok", work.noTokens()));
    metrics.put(ResourceMetric.ENERGY_PER_REQUEST, energy.per(work.okCount(), "J/req", NONE_OK));
    metrics.put(
        ResourceMetric.ENERGY_PER_GOOD_REQUEST,
        energy.per(
            work.goodCount(),
            "J/req",
            work.goodCount() == null
                ? "no target limits a latency, so that no request is good or bad"
                : "no request was good"));
    metrics.put(ResourceMetric.OUTPUT_TOKENS_PER_JOULE, perJoule(work, energy));
    net(metrics, work, energy);
    metrics.put(ResourceMetric.GPU_UTILIZATION, utilization());
    metrics.put(
        ResourceMetric.GPU_MEMORY,
        watch.sum(Watch.GPU, TelemetryId.MEMORY_USED_BYTES, "MiB", 1 / MIB));
    new Throttling(watch, cards).into(metrics);
  }

  /** The same without what is drawn when nothing is asked. */
  private void net(ResourceFigures metrics, Work work, Figure energy) {
    Figure power =
        !energy.isMeasured()
            ? Figure.absent("W", energy.reason())
            : cards.isEmpty()
                ? idle.of(EnergyRules.zones(watch.of(Watch.HOST)), this.energy::ofZone)
                : idle.of(cards, this.energy::ofCard);
    metrics.put(ResourceMetric.IDLE_POWER, power);
    Double gross = energy.value();
    Double watts = power.value();
    Figure net =
        gross == null || watts == null
            ? Figure.absent("J", power.reason())
            : Figure.of(
                "J",
                gross - watts * watch.window().seconds(),
                energy.summary().count(),
                energy.from());
    metrics.put(ResourceMetric.NET_ENERGY, net);
    metrics.put(
        ResourceMetric.NET_ENERGY_PER_OUTPUT_TOKEN,
        net.per(work.outputTokens(), "J/tok", work.noTokens()));
    metrics.put(ResourceMetric.NET_ENERGY_PER_REQUEST, net.per(work.okCount(), "J/req", NONE_OK));
  }

  /** How the numbers came about. */
  List<String> remarks() {
    return remarks;
  }

  private static Figure perJoule(Work work, Figure energy) {
    Long tokens = work.outputTokens();
    Double joules = energy.value();
    if (joules == null) {
      return Figure.absent("tok/J", energy.reason());
    }
    if (tokens == null || tokens <= 0) {
      return Figure.absent("tok/J", work.noTokens());
    }
    return joules <= 0
        ? Figure.absent("tok/J", "no energy was counted")
        : Figure.of("tok/J", tokens / joules, energy.summary().count(), energy.from());
  }

  private Figure energy() {
    if (cards.isEmpty()) {
      return processorEnergy();
    }
    double sum = 0;
    int counted = 0;
    double edgeError = 0;
    Set<String> from = new LinkedHashSet<>();
    Set<String> whyNotCounted = new LinkedHashSet<>();
    for (Card card : cards) {
      Double joules = energy.counted(card, watch.window());
      if (joules != null) {
        counted++;
        edgeError += energy.edgeError(card, watch.window());
        from.add(from(card, TelemetryId.ENERGY_JOULES));
      } else {
        whyNotCounted.add(whyNotCounted(card));
        joules = energy.integrated(card, watch.window());
        from.add(from(card, TelemetryId.POWER_WATTS) + " over time");
      }
      if (joules == null) {
        return Figure.absent("J", whyNoEnergy(card));
      }
      sum += joules;
    }
    remarks.add(
        "Energy is that of the GPUs alone, %s of %s measured: %s by their energy counter, %s by"
                .formatted(cards.size(), cards.size(), counted, cards.size() - counted)
            + " integrating their power"
            + (whyNotCounted.isEmpty() ? "" : " (" + String.join("; ", whyNotCounted) + ")")
            + ". It holds what they draw when idle; net_energy does not."
            + edges(edgeError));
    return Figure.of("J", sum, cards.size(), String.join(", ", from));
  }

  private static String edges(double joules) {
    return joules > 0
        ? " Their counters are taken to run straight at both edges of the window, which may be off by"
            + " %.1f J.".formatted(joules)
        : "";
  }

  private String from(Card card, TelemetryId id) {
    Track track = card.telling(id);
    return watch.from(Watch.GPU, track == null ? List.of() : List.of(track), id);
  }

  private String whyNotCounted(Card card) {
    Track counter = card.telling(TelemetryId.ENERGY_JOULES);
    return watch.why(Watch.GPU, counter == null ? card.any() : counter, TelemetryId.ENERGY_JOULES);
  }

  private String whyNoEnergy(Card card) {
    Track power = card.telling(TelemetryId.POWER_WATTS);
    String why =
        power == null && card.telling(TelemetryId.ENERGY_JOULES) != null
            ? whyNotCounted(card)
            : watch.why(
                Watch.GPU,
                power == null ? card.any() : power,
                TelemetryId.POWER_WATTS,
                Coverage.LEAST_RATIO);
    return cards.size() == 1
        ? why
        : why + ", of " + card.name() + " among " + cards.size() + " GPUs";
  }

  /** Of this machine, which is the server's only where its process was found here. */
  private Figure processorEnergy() {
    String none = watch.silence(Watch.GPU);
    if (watch.of(Watch.PROCESS).isEmpty()) {
      return Figure.absent("J", none);
    }
    List<Track> zones = EnergyRules.zones(watch.of(Watch.HOST));
    double sum = 0;
    for (Track zone : zones) {
      Double joules = energy.ofZone(zone, watch.window());
      if (joules == null) {
        return Figure.absent("J", watch.why(Watch.HOST, zone, TelemetryId.ENERGY_JOULES));
      }
      sum += joules;
    }
    if (zones.isEmpty()) {
      String rapl = watch.silence("host rapl");
      return Figure.absent(
          "J",
          none + ", and of the processors " + rapl.replace("no host rapl was read", "no RAPL"));
    }
    remarks.add(
        "Energy is that of this machine's processors by RAPL, the injector's share included.");
    return Figure.of("J", sum, zones.size(), "RAPL of this machine");
  }

  private Figure utilization() {
    Figure busy = watch.mean(Watch.GPU, TelemetryId.GPU_BUSY_RATIO, "ratio");
    Figure found =
        Figure.first(
            busy,
            watch.mean(Watch.GPU, TelemetryId.ENGINE_ACTIVE_RATIO, "ratio"),
            watch.mean(Watch.GPU, TelemetryId.SM_ACTIVE_RATIO, "ratio"));
    if (found.isMeasured()) {
      remarks.add(
          "GPU utilisation is a share of time in which anything ran, which says little of how much"
              + " ran.");
    }
    return found;
  }
}
