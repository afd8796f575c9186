package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time in which a user thinks is the user's and not the server's. */
class ThinkTimeIT {
  /** Half a second, less what a clock of whole milliseconds may take off. */
  private static final double THOUGHT_MILLIS = 499;

  @TempDir private Path results;

  private static double millis(JsonNode line, String stamp) {
    return line.path(stamp).asDouble() / 1e6;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void trap17_thinkTimeBetweenTurns_isInNoLatencyAndNoSpeedOfATurn() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(10)))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("kind", "conversation")
              .set("conversations", "long")
              .set("thinkTime", "500ms")
              .set("requests", 8)
              .set("warmUp", 0)
              .set("targets", "none")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      List<JsonNode> turns =
          run.requests("measure").stream()
              .sorted(Comparator.comparingLong(line -> line.path("sentNanos").asLong()))
              .toList();
      assertThat(turns).extracting(line -> line.path("turn").asInt()).contains(0, 7).hasSize(8);
      double answered = 0;
      for (int i = 0; i < turns.size(); i++) {
        JsonNode turn = turns.get(i);
        answered += millis(turn, "endNanos");
        if (i > 0) {
          JsonNode before = turns.get(i - 1);
          double end = millis(before, "sentNanos") + millis(before, "endNanos");
          // A latency that held the thought would end with it, or begin before it.
          assertThat(millis(turn, "sentNanos") - end).isGreaterThanOrEqualTo(THOUGHT_MILLIS);
          assertThat(millis(turn, "intendedNanos") - end).isGreaterThanOrEqualTo(THOUGHT_MILLIS);
        }
      }
      JsonNode last = turns.get(7);
      double span =
          millis(last, "sentNanos") + millis(last, "endNanos") - millis(turns.get(0), "sentNanos");
      // Seven thoughts lie between eight turns.
      assertThat(span - answered).isGreaterThanOrEqualTo(7 * THOUGHT_MILLIS);
      assertReport(run, turns, span);
    }
  }

  /** Means over the turns by their own stamps; tokens a second of all by the whole span. */
  private static void assertReport(FinishedRun run, List<JsonNode> turns, double spanMillis) {
    List<Double> ttft = new ArrayList<>();
    List<Double> e2e = new ArrayList<>();
    List<Double> speed = new ArrayList<>();
    double tokens = 0;
    for (JsonNode turn : turns) {
      double lasted = millis(turn, "lastTokenNanos");
      ttft.add(millis(turn, "firstContentNanos"));
      e2e.add(lasted);
      speed.add(turn.path("outputTokens").asDouble() * 1e3 / lasted);
      tokens += turn.path("outputTokens").asDouble();
    }
    assertThat(run.metric("ttft").path("mean").asDouble()).isCloseTo(mean(ttft), within(1e-3));
    assertThat(run.metric("e2e").path("mean").asDouble()).isCloseTo(mean(e2e), within(1e-3));
    assertThat(run.metric("ttft_from_intended").path("mean").asDouble())
        .isBetween(mean(ttft) - 1e-3, mean(ttft) + THOUGHT_MILLIS / 2);
    assertThat(run.metric("output_tokens_per_second_per_user").path("mean").asDouble())
        .isCloseTo(mean(speed), within(1e-3));
    // What the whole load brings does have the thoughts in it: they are part of the load.
    assertThat(run.metric("output_tokens_per_second").path("value").asDouble())
        .isCloseTo(tokens * 1e3 / spanMillis, within(1e-3));
  }
}
