package llmload.metrics.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.metrics.SampleFixture;
import llmload.model.TelemetryId;
import org.junit.jupiter.api.Test;

class TrackTest {
  private final Tracks tracks = new Tracks();

  private void gpu(double atSeconds, Map<String, Double> values, String via) {
    tracks.add(SampleFixture.sample("gpu", atSeconds, values, "uuid", "a", "via", via));
  }

  /** Another one each half minute. */
  private static double page(int second) {
    int page = second / 30;
    return 1 + page;
  }

  private int samples(TelemetryId id) {
    Timeline timeline = tracks.of("gpu").get(0).of(id);
    assertThat(timeline).isNotNull();
    return timeline.size();
  }

  @Test
  void pageThatRepeatsItsEnergy_repeatsAllElse() {
    for (int second = 0; second <= 90; second++) {
      // Refreshed at 30, 60 and 90 s; power, memory and utilisation happen to stay.
      double page = page(second);
      gpu(
          second,
          Map.of("energy_joules", page, "power_watts", 600.0, "throttled_power_seconds", 0.0),
          "dcgm");
      // Another tool's numbers are as old as that tool has them.
      gpu(second, Map.of("memory_used_bytes", 7.0), "nvidia-smi");
    }

    assertThat(samples(TelemetryId.ENERGY_JOULES)).isEqualTo(3);
    assertThat(samples(TelemetryId.POWER_WATTS)).isEqualTo(3);
    assertThat(samples(TelemetryId.THROTTLED_POWER_SECONDS)).isEqualTo(3);
    assertThat(samples(TelemetryId.MEMORY_USED_BYTES)).isEqualTo(91);
    assertThat(tracks.of("gpu").get(0).last(TelemetryId.POWER_WATTS)).isEqualTo(600);
  }

  @Test
  void partsWithoutACounter_areDatedByThePageTheyStandOn() {
    for (int second = 0; second <= 90; second++) {
      gpu(second, Map.of("energy_joules", page(second)), "dcgm");
      tracks.add(
          SampleFixture.sample(
              "gpu", second, "engine_active_ratio", 0.5, "uuid", "a", "mig", "7", "via", "dcgm"));
      // Another exporter's page, read at other moments, without any counter.
      tracks.add(
          SampleFixture.sample(
              "gpu", second + 0.3, "power_watts", 100, "uuid", "b", "via", "dcgm"));
    }

    Timeline part = tracks.of("gpu").get(1).of(TelemetryId.ENGINE_ACTIVE_RATIO);
    assertThat(part).isNotNull();
    assertThat(part.size()).isEqualTo(3);
    Timeline other = tracks.of("gpu").get(2).of(TelemetryId.POWER_WATTS);
    assertThat(other).isNotNull();
    assertThat(other.size()).isEqualTo(91);
  }

  @Test
  void pageThatNeverChanges_tellsNothing_butWhatDoesNotChange() {
    for (int second = 0; second <= 20; second++) {
      gpu(
          second,
          Map.of("energy_joules", 5.0, "power_watts", 600.0, "memory_total_bytes", 80.0),
          "dcgm");
    }

    assertThat(samples(TelemetryId.POWER_WATTS)).isZero();
    assertThat(tracks.of("gpu").get(0).last(TelemetryId.MEMORY_TOTAL_BYTES)).isEqualTo(80);
  }

  @Test
  void energyThatNeverMovesBesidePowerThatDoes_isBroken_andDatesNothing() {
    for (int second = 0; second <= 20; second++) {
      gpu(second, Map.of("energy_joules", 0.0, "power_watts", 600.0 + second), "dcgm");
    }

    assertThat(samples(TelemetryId.ENERGY_JOULES)).isZero();
    assertThat(samples(TelemetryId.POWER_WATTS)).isEqualTo(21);
  }

  @Test
  void timeThatALookTook_isNoSignOfAFreshPage() {
    for (int second = 0; second <= 20; second++) {
      gpu(
          second,
          Map.of("energy_joules", 5.0, "power_watts", 9.0, "read_ms", 1.0 + second),
          "dcgm");
    }

    assertThat(samples(TelemetryId.POWER_WATTS)).isZero();
  }

  @Test
  void processorsMayDrawNextToNothing_soThatTheirCountersStandStill() {
    for (int second = 0; second <= 3; second++) {
      tracks.add(SampleFixture.sample("host", second, "energy_joules", 5, "zone", "dram"));
    }

    Timeline energy = tracks.of("host").get(0).of(TelemetryId.ENERGY_JOULES);
    assertThat(energy).isNotNull();
    assertThat(energy.size()).isEqualTo(4);
  }
}
