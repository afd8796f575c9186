package llmload.analysis.telemetry;

import static llmload.analysis.telemetry.SlowIntervalsFixture.cell;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import llmload.model.ResultTable;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Runs of any latencies and any samples. */
class SlowCauseTest {
  /** The column that holds what each cause rests on. */
  private static final Map<String, String> RESTS_ON =
      Map.of(
          "injector paused", "pause",
          "preemptions", "preempted",
          "evictions", "evicted",
          "KV cache full", "kv_used",
          "larger batch", "running",
          "busy processors", "host_cpu");

  @Property(tries = 200)
  void cause_neverStandsWithoutANumberOfThatIntervalBesideIt(@ForAll long seed) {
    Random random = new Random(seed);
    SlowIntervalsFixture run = new SlowIntervalsFixture();
    int seconds = 5 + random.nextInt(15);
    for (int i = 0; i < seconds; i++) {
      run.second(
          random.nextInt(4) == 0 ? null : Double.valueOf(20 + random.nextInt(400)),
          random.nextInt(4) == 0 ? null : Double.valueOf(5 + random.nextInt(100)));
    }
    for (String[] gauge :
        new String[][] {
          {"server", "requests_waiting_count", "20"},
          {"server", "requests_running_count", "20"},
          {"server", "queue_count", "0"},
          {"server", "queue_seconds", "0"},
          {"server", "kv_used_ratio", "1"},
          {"server", "preemptions_count", "0"},
          {"server", "evicted_blocks_count", "0"},
          {"gpu", "throttled_power_ratio", "1"},
          {"host", "cpu_busy_ratio", "1"},
          {"injector", "gc_pause_max_ms", "300"}
        }) {
      int known = random.nextInt(4);
      double count = 0;
      for (int at = 0; at <= seconds; at++) {
        count += random.nextInt(3) == 0 ? 2 : 0;
        double most = Double.parseDouble(gauge[2]);
        double value = most == 0 ? count : most * random.nextInt(5) / 4;
        if (random.nextInt(4) < known) {
          run.sample(at, gauge[0], gauge[1], value);
        }
      }
    }

    ResultTable table = run.build().table();
    for (int row = 0; row < table.rows().size(); row++) {
      int at = row;
      String cause = String.valueOf(cell(table, row, "cause"));
      String column = cause.equals("throttled GPU") ? "throttled" : RESTS_ON.get(cause);
      if (cause.equals("server queue")) {
        assertThat(List.of("waiting", "queued"))
            .anySatisfy(either -> assertThat(cell(table, at, either)).isNotNull());
      } else if (column != null) {
        assertThat(cell(table, row, column)).as(cause).isNotNull();
      } else {
        assertThat(cause).isIn("unattributed", "no telemetry");
      }
      if (cause.equals("no telemetry")) {
        assertThat(table.rows().get(row).subList(6, table.columns().size() - 1))
            .containsOnlyNulls();
      }
    }
  }
}
