package llmload.simulations.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import llmload.run.LoadSettings;
import llmload.run.ProjectFolder;
import llmload.run.RunSettings;
import org.junit.jupiter.api.Test;

class ArrivalPlanTest {
  private final AtomicLong nanos = new AtomicLong(7_000_000_000L);

  private ArrivalPlan plan(String... pairs) {
    Map<String, String> settings = new HashMap<>(Map.of("llm.baseUrl", "http://gpu:8000"));
    for (int i = 0; i < pairs.length; i += 2) {
      settings.put("llm." + pairs[i], pairs[i + 1]);
    }
    LoadSettings load = RunSettings.read(settings, Map.of(), ProjectFolder.find()).load();
    return ArrivalPlan.of(load, nanos::get);
  }

  @Test
  void requests_givesExactlySoManyArrivals() {
    assertThat(plan("rate", "10", "requests", "3000").size()).isEqualTo(3000);
    assertThat(plan("rate", "10", "requests", "1", "arrival", "gamma").size()).isEqualTo(1);
  }

  @Test
  void duration_givesTheArrivalsWithinIt() {
    ArrivalPlan plan = plan("rate", "50", "duration", "2s", "arrival", "constant");
    // One every 20 ms in 2 s: 100, or one fewer or more at an end.
    assertThat(plan.size()).isBetween(99, 101);
    assertThat(plan.offsetsNanos()).isSorted();
    assertThat(plan.offsetsNanos()[plan.size() - 1]).isLessThan(2_000_000_000L);
  }

  @Test
  void intended_keepsTheSchedulesGaps_fromTheFirstUserOn() {
    ArrivalPlan plan = plan("rate", "4", "requests", "3", "arrival", "constant");
    long first = plan.nextIntendedNanos();
    // Users come a quarter of a second early; one unit is lost to "never 0".
    assertThat(first).isBetween(7_250_000_000L, 7_250_000_001L);
    nanos.addAndGet(90_000_000L);
    // However late a user is injected, its request is wanted a quarter of a second after the first.
    assertThat(plan.nextIntendedNanos() - first).isEqualTo(250_000_000L);
    assertThat(plan.nextIntendedNanos() - first).isEqualTo(500_000_000L);
  }

  @Test
  void seed_decidesTheArrivals() {
    assertThat(plan("rate", "10", "requests", "50").offsetsNanos())
        .isEqualTo(plan("rate", "10", "requests", "50").offsetsNanos())
        .isNotEqualTo(plan("rate", "10", "requests", "50", "seed", "1").offsetsNanos());
  }
}
