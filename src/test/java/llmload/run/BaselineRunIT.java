package llmload.run;

import static llmload.testing.ChatScripts.paced;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in processes of their own, held against a baseline. */
class BaselineRunIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path results;

  private FinishedRun run(String name, int gapMillis, String... settings) {
    try (ScriptedServer server = ScriptedServer.start(paced(Duration.ofMillis(gapMillis)))) {
      RunProcess process =
          RunProcess.in(results.resolve(name))
              .set("baseUrl", server.baseUrl())
              .set("users", 4)
              .set("requests", 40)
              .set("warmUp", 4)
              .set("targets", "none");
      for (String setting : settings) {
        int equals = setting.indexOf('=');
        process.set(setting.substring(0, equals), setting.substring(equals + 1));
      }
      return process.finish();
    }
  }

  private FinishedRun command(String... arguments) {
    return RunProcess.commandLine(results, arguments).awaitEnd();
  }

  @Test
  void slowerRun_regresses_saysSoInOneLine_andSaysItAgainFromItsFolder() throws IOException {
    // A stream of three tokens, one each 10 ms, then one each 80 ms: every time is longer.
    FinishedRun fast = run("fast", 10);
    Path file = results.resolve("main.json");
    FinishedRun saved =
        command("baseline", "save", fast.folder().toString(), "--into", file.toString());
    assertThat(saved.exitCode()).as(saved.console()).isZero();

    FinishedRun slow = run("slow", 80, "baseline=" + file);

    assertThat(slow.exitCode()).as(slow.console()).isEqualTo(3);
    assertThat(slow.verdict("regression")).isEqualTo("REGRESSION");
    assertThat(slow.report().at("/verdict/failures")).hasSize(1);
    assertThat(slow.report().at("/verdict/failures/0").asText())
        .startsWith("regression against the baseline main: ttft p50 ");
    assertThat(slow.console()).contains("failed     regression against the baseline main: ");
    assertThat(slow.report().at("/baseline/runId").asText())
        .isEqualTo(fast.folder().getFileName().toString());
    JsonNode ttft = slow.report().at("/comparisons/0");
    assertThat(ttft.path("metric").asText()).isEqualTo("ttft");
    assertThat(ttft.path("baseline").asDouble())
        .isEqualTo(fast.metric("ttft").path("p50").asDouble());
    assertThat(ttft.path("current").asDouble())
        .isEqualTo(slow.metric("ttft").path("p50").asDouble());
    assertThat(Files.readString(slow.folder().resolve("junit.xml"))).contains("<failure");

    // The file itself is gone, as on another machine; the run's folder has its copy.
    Files.delete(file);
    String before = slow.report().path("comparisons").toString();
    FinishedRun again = command("report", slow.folder().toString());
    assertThat(again.exitCode()).as(again.console()).isEqualTo(3);
    assertThat(slow.report().path("comparisons")).isEqualTo(JSON.readTree(before));

    Files.delete(slow.folder().resolve("baseline.json"));
    FinishedRun without = command("report", slow.folder().toString());
    assertThat(without.exitCode()).as(without.console()).isEqualTo(7);
    assertThat(slow.verdict("regression")).isEqualTo("NOT_COMPARABLE");
  }

  @Test
  void runAgainstABaselineWithNothingInIt_isNoPass() throws IOException {
    Path empty = results.resolve("empty.json");
    Files.writeString(empty, "{\"results\": []}");

    FinishedRun run = run("nothing", 1, "baseline=" + empty);

    assertThat(run.exitCode()).as(run.console()).isEqualTo(7);
    assertThat(run.verdict("regression")).isEqualTo("NOT_COMPARABLE");
    assertThat(run.report().at("/verdict/exitCode").asInt()).isEqualTo(7);
  }

  @Test
  void compare_holdsAFinishedRunAgainstAnyBaseline() throws IOException {
    FinishedRun run = run("one", 10);
    String folder = run.folder().toString();
    // Its own folder, and its own report: nothing can have changed.
    FinishedRun same = command("compare", folder, "--baseline", folder, "--policy", "sagellm");
    assertThat(same.exitCode()).as(same.console()).isZero();
    assertThat(same.console()).contains("avg_tbt_ms mean").contains("OK (acceptable)");
    FinishedRun report = command("compare", folder, "--baseline", folder + "/report.json");
    assertThat(report.exitCode()).as(report.console()).isZero();

    // Three tokens in at least 30 ms are at most 100 tok/s of output; 1e9 is out of reach.
    Path old = results.resolve("old.json");
    Files.writeString(old, "{\"results\": [{\"tokens_per_second\": 1e9, \"success\": true}]}");
    FinishedRun worse =
        command("compare", folder, "--baseline", old.toString(), "--format", "json");
    assertThat(worse.exitCode()).as(worse.console()).isEqualTo(3);
    JsonNode suite =
        JSON.readTree(worse.console().substring(worse.console().indexOf('{')))
            .at("/baseline/suiteResult");
    assertThat(suite.path("regression").asBoolean()).isTrue();
    assertThat(suite.path("baseline_avg_tps").asDouble()).isEqualTo(1e9);

    Files.writeString(old, "{\"results\": []}");
    FinishedRun nothing = command("compare", folder, "--baseline", old.toString());
    assertThat(nothing.exitCode()).as(nothing.console()).isEqualTo(7);
    assertThat(nothing.console()).contains("NOT COMPARABLE").contains("Nothing succeeded");

    FinishedRun missing = command("compare", folder, "--baseline", "no-such-name");
    assertThat(missing.exitCode()).isEqualTo(5);
    assertThat(missing.console()).contains("Found: no-such-name");
  }

  @Test
  void badBaseline_endsTheRunBeforeItsFirstRequest() {
    try (ScriptedServer server = ScriptedServer.start(paced(Duration.ofMillis(1)))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("requests", 4)
              .set("baseline", "no-such-name")
              .set("baseline.policy", "strict")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
      assertThat(run.console())
          .contains("llm.baseline: Expecting the name of a file")
          .contains("llm.baseline.policy: Expecting one of llmload, pyagent, minibiai, sagellm.");
      assertThat(server.posts()).isZero();
    }
  }

  @Test
  void runThatFailed_makesNoBaseline() {
    FinishedRun run = run("bad", 300, "timeout.total=50ms");
    Path file = results.resolve("main.json");

    FinishedRun saved =
        command("baseline", "save", run.folder().toString(), "--into", file.toString());

    assertThat(saved.exitCode()).as(saved.console()).isEqualTo(4);
    assertThat(saved.console()).contains("Expecting a run that");
    assertThat(file).doesNotExist();
  }
}
