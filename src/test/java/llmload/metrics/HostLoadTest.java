package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class HostLoadTest {
  @Test
  void of_sampleOfTheWholeMachine_hasTheShares() {
    TelemetrySample sample =
        new TelemetrySample(
            "host",
            7,
            Map.of("cpu_busy_ratio", 0.25, "memory_used_bytes", 3e9, "memory_total_bytes", 4e9),
            Map.of());
    assertThat(HostLoad.of(sample)).hasValue(new HostLoad(7, 0.25, 0.75));
  }

  @Test
  void of_whatWasNotMeasured_isAbsent() {
    TelemetrySample sample =
        new TelemetrySample("host", 7, Map.of("memory_used_bytes", 3e9), Map.of());
    assertThat(HostLoad.of(sample)).hasValue(new HostLoad(7, null, null));
  }

  @Test
  void of_oneCoreOrAnotherSource_isNothing() {
    Map<String, Double> values = Map.of("cpu_busy_ratio", 0.25);
    assertThat(HostLoad.of(new TelemetrySample("host", 7, values, Map.of("core", "0")))).isEmpty();
    assertThat(HostLoad.of(new TelemetrySample("gpu", 7, values, Map.of()))).isEmpty();
  }
}
