package llmload.metrics.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import llmload.metrics.SampleFixture;
import llmload.model.TelemetryId;
import org.junit.jupiter.api.Test;

class CardTest {
  private final Tracks tracks = new Tracks();

  private void gpu(String name, double value, String... labels) {
    tracks.add(SampleFixture.sample("gpu", 0, name, value, labels));
  }

  private List<Card> cards() {
    return Card.of(tracks.of("gpu"));
  }

  private static List<Double> first(List<Track> tracks, TelemetryId id) {
    return tracks.stream().map(track -> track.last(id)).toList();
  }

  @Test
  void instancesOfACard_beside_theWhole_countOnce() {
    gpu("memory_used_bytes", 70, "uuid", "GPU-1");
    gpu("power_watts", 600, "uuid", "GPU-1");
    gpu("memory_used_bytes", 30, "uuid", "GPU-1", "mig", "2");
    gpu("memory_used_bytes", 40, "uuid", "GPU-1", "mig", "7");
    gpu("engine_active_ratio", 0.25, "uuid", "GPU-1", "mig", "2");
    gpu("engine_active_ratio", 0.75, "uuid", "GPU-1", "mig", "7");

    assertThat(cards()).hasSize(1);
    Card card = cards().get(0);
    assertThat(first(card.each(TelemetryId.MEMORY_USED_BYTES), TelemetryId.MEMORY_USED_BYTES))
        .containsExactly(70.0);
    assertThat(first(card.each(TelemetryId.ENGINE_ACTIVE_RATIO), TelemetryId.ENGINE_ACTIVE_RATIO))
        .containsExactly(0.25, 0.75);
    assertThat(card.each(TelemetryId.GPU_BUSY_RATIO)).isEmpty();
    assertThat(Card.each(cards(), TelemetryId.GPU_BUSY_RATIO)).hasSize(1);
    assertThat(card.telling(TelemetryId.POWER_WATTS)).isNotNull();
    assertThat(card.name()).isEqualTo("GPU-1");
  }

  @Test
  void instancesWithoutTheWhole_addTheirMemory_andShareTheirPower() {
    gpu("memory_used_bytes", 30, "uuid", "GPU-1", "mig", "2");
    gpu("memory_used_bytes", 40, "uuid", "GPU-1", "mig", "7");
    gpu("power_watts", 600, "uuid", "GPU-1", "mig", "2");
    gpu("power_watts", 600, "uuid", "GPU-1", "mig", "7");

    assertThat(
            first(Card.each(cards(), TelemetryId.MEMORY_USED_BYTES), TelemetryId.MEMORY_USED_BYTES))
        .containsExactly(30.0, 40.0);
    assertThat(first(Card.telling(cards(), TelemetryId.POWER_WATTS), TelemetryId.POWER_WATTS))
        .containsExactly(600.0);
  }

  @Test
  void partitionsOfOneSerialNumber_areOneCard_whateverTheirUuids() {
    gpu("energy_joules", 5, "uuid", "a", "card", "692", "partition", "0");
    gpu("energy_joules", 5, "uuid", "b", "card", "692", "partition", "1");
    gpu("energy_joules", 9, "uuid", "c", "card", "693", "partition", "0");

    assertThat(cards()).extracting(Card::name).containsExactly("692", "693");
    assertThat(first(Card.telling(cards(), TelemetryId.ENERGY_JOULES), TelemetryId.ENERGY_JOULES))
        .containsExactly(5.0, 9.0);
  }

  @Test
  void gpusWithoutAnyName_areApartByTheirLabels() {
    gpu("power_watts", 1, "gpu", "0");
    gpu("power_watts", 2, "gpu", "1");

    assertThat(cards()).hasSize(2);
    assertThat(cards().get(0).any().labels()).isEqualTo(Map.of("gpu", "0"));
  }
}
