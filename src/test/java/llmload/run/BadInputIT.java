package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong before the first request ends a run at once, with one line and an exit code. */
class BadInputIT {
  @TempDir private Path folder;

  @Test
  void input_everythingWrongAtOnce_isToldAtOnce() throws IOException {
    Path prompts = folder.resolve("prompts.jsonl");
    Files.writeString(prompts, "{\"prompt\":\"fine\"}\n{\"prompt\": broken\n");
    Path targets = folder.resolve("targets.yaml");
    Files.writeString(targets, "version: 1\nname: x\ntargets:\n  - {metric: tftf, op: \"<\"}\n");

    FinishedRun run =
        RunProcess.in(folder)
            .set("baseUrl", "gpu:8000")
            .set("prompts", prompts)
            .set("targets", targets)
            .set("usres", 4)
            .set("requests", "many")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
    assertThat(run.console().lines())
        .allMatch(line -> line.startsWith("llmload: "))
        .anyMatch(
            line -> line.contains("llm.baseUrl: Expecting a URL") && line.contains("gpu:8000"))
        .anyMatch(line -> line.contains(prompts + ":2"))
        .anyMatch(line -> line.contains(targets.toString()) && line.contains("tftf"))
        .anyMatch(line -> line.contains("llm.usres") && line.contains("Did you mean llm.users?"))
        .anyMatch(line -> line.contains("llm.requests: Expecting a whole number"));
  }

  @Test
  void promptsFile_missing_isNamed() {
    FinishedRun run = RunProcess.in(folder).set("prompts", folder.resolve("none.jsonl")).finish();

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.console().lines()).hasSize(1);
    assertThat(run.console()).contains(folder.resolve("none.jsonl").toString());
  }

  @Test
  void profile_notYaml_isNamedWithItsLine() throws IOException {
    Path profile = folder.resolve("broken.yaml");
    Files.writeString(profile, "users: 4\n  requests: [1,\n");

    FinishedRun run = RunProcess.in(folder).set("profile", profile).finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
    assertThat(run.console().lines()).hasSize(1);
    assertThat(run.console()).contains(profile + ":2");
  }

  @Test
  void results_thatAreAFile_areRefused() throws IOException {
    Path file = folder.resolve("results");
    Files.writeString(file, "not a folder");

    FinishedRun run = RunProcess.in(file).finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
    assertThat(run.console().lines()).hasSize(1);
    assertThat(run.console()).contains("llm.results: Expecting").contains(file.toString());
  }

  @Test
  void target_unreachable_isSaidInTheReportToo() {
    String url = "http://127.0.0.1:" + ScriptedServer.closedPort();

    FinishedRun run = RunProcess.in(folder).set("baseUrl", url).finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(6);
    assertThat(run.console().lines()).hasSize(1);
    assertThat(run.console()).contains("Expecting a server that answers").contains(url);
    assertThat(run.report().at("/verdict/exitCode").asInt()).isEqualTo(6);
    assertThat(run.verdict("validity")).isEqualTo("NO_DATA");
    assertThat(run.report().at("/verdict/failures/0").asText()).contains(url);
    assertThat(run.report().at("/target/baseUrl").asText()).isEqualTo(url);
  }

  @Test
  void apiKey_thatNoHeaderCanCarry_isRefusedAndNotShown() {
    FinishedRun run =
        RunProcess.in(folder)
            .set("baseUrl", "http://127.0.0.1:" + ScriptedServer.closedPort())
            .environment("LLM_API_KEY", "canary\u0007key-0815")
            .finish();

    assertThat(run.exitCode()).as(run.console()).isEqualTo(5);
    assertThat(run.console().lines()).hasSize(1);
    assertThat(run.console()).contains("API key").doesNotContain("0815");
  }

  @Test
  void serve_onAPortInUse_saysSo() {
    try (ScriptedServer taken = ScriptedServer.start(request -> java.util.List.of())) {
      FinishedRun server =
          RunProcess.commandLine(folder, "serve", "--port", Integer.toString(taken.port()))
              .awaitEnd();

      assertThat(server.exitCode()).as(server.console()).isEqualTo(5);
      assertThat(server.console()).contains(Integer.toString(taken.port()));
      assertThat(server.console()).contains("llmload: port: Expecting a free port");
    }
  }
}
