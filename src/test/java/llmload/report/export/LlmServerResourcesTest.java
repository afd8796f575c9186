package llmload.report.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class LlmServerResourcesTest {
  private final LlmServerResources resources = new LlmServerResources();

  private void sample(String source, Map<String, Double> values, Map<String, String> labels) {
    resources.accept(new TelemetrySample(source, 0, values, labels));
  }

  @Test
  void withoutTelemetry_everythingIsNull() {
    sample("injector", Map.of("cpu_busy_ratio", 1.0), Map.of());
    assertThat(resources.lines()).hasSize(7).allMatch(line -> line.endsWith(": null"));
  }

  @Test
  void gaugesAreAveraged_countersSubtracted_interfacesAddedUp() {
    sample("host", Map.of("cpu_busy_ratio", 0.2, "memory_used_bytes", 900.0), Map.of());
    sample("host", Map.of("cpu_busy_ratio", 0.4, "memory_used_bytes", 700.0), Map.of());
    sample("host", Map.of("cpu_busy_ratio", 1.0), Map.of("core", "0"));
    for (double bytes : new double[] {100, 150}) {
      sample("host", Map.of("network_sent_bytes", bytes), Map.of("interface", "eth0"));
      sample("host", Map.of("network_sent_bytes", 2 * bytes), Map.of("interface", "lo"));
      sample(
          "server",
          Map.of("prefix_hit_tokens", bytes, "prefix_queried_tokens", 4 * bytes),
          Map.of("engine", "0"));
    }

    // (0.2 + 0.4) ÷ 2; the most of 900 and 700; 50 + 100 bytes; 50 of 200 tokens.
    assertThat(resources.lines())
        .contains(
            "CPU utilization (ratio): 0.300",
            "Memory usage, most (bytes): 900",
            "Network sent (bytes): 150",
            "Network received (bytes): null",
            "Cache hit rate (ratio): 0.250");
  }

  @Test
  void counterThatFell_isNotKnown() {
    sample("host", Map.of("network_received_bytes", 100.0), Map.of());
    sample("host", Map.of("network_received_bytes", 10.0), Map.of());
    assertThat(resources.lines()).contains("Network received (bytes): null");
  }
}
