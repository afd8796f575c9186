package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class CounterDeltasTest {
  private final CounterDeltas deltas = new CounterDeltas();
  private long now;

  private void read(String label, String whose, Map<String, Double> values) {
    deltas.accept(new TelemetrySample("llm-server", now, values, Map.of(label, whose)));
  }

  @Test
  void cumulativeCounts_areToldByWhatTheyGrew() {
    // What llm-server's guide prints as the tokens of three cases: 23, 48 and 68 are running
    // totals.
    for (double total : new double[] {0, 23, 48, 68}) {
      read("provider", "groq", Map.of("inputTokens", total));
      now++;
    }
    assertThat(deltas.steps("groq", "inputTokens")).containsExactly(23.0, 25.0, 20.0);
    assertThat(deltas.total("groq", "inputTokens")).isEqualTo(68);
  }

  @Test
  void counterThatFalls_beganAnew_andItsGrowthIsNotKnown() {
    for (double total : new double[] {10, 15, 2}) {
      read("provider", "groq", Map.of("requestCount", total));
      now++;
    }
    assertThat(deltas.steps("groq", "requestCount")).containsExactly(5.0, null);
    assertThat(deltas.total("groq", "requestCount")).isNull();
  }

  @Test
  void modelThatTheFirstReadingLacks_beganAtZero() {
    read("provider", "groq", Map.of("requestCount", 4.0));
    now++;
    read("model", "groq:m", Map.of("requestCount", 3.0));
    assertThat(deltas.total("groq:m", "requestCount")).isEqualTo(3);
  }

  @Test
  void oneReading_orAnotherSource_tellsNothing() {
    read("provider", "groq", Map.of("requestCount", 4.0));
    deltas.accept(new TelemetrySample("injector", 1, Map.of("requestCount", 9.0), Map.of()));
    assertThat(deltas.total("groq", "requestCount")).isNull();
    assertThat(deltas.total("server", "requestCount")).isNull();
  }
}
