package llmload.run;

import static llmload.testing.ChatScripts.paced;
import static llmload.testing.OpenAiFrames.content;
import static llmload.testing.OpenAiFrames.role;
import static llmload.testing.Steps.chunk;
import static llmload.testing.Steps.json;
import static llmload.testing.Steps.sse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.StartedRun;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of {@code LoadSimulation} against a server that counts what reaches it. */
class LoadRunIT {
  @TempDir private Path results;

  @Test
  void openLoad_constantRateForTime_sendsWhatItPlans() {
    try (ScriptedServer server = ScriptedServer.start(paced(Duration.ofMillis(5)))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("rate", 40)
              .set("arrival", "constant")
              .set("duration", "3s")
              .set("warmUp", 4)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      // One every 25 ms in 3 s: 120, give or take the one at an end.
      assertThat(run.count("planned")).isBetween(119L, 121L);
      assertThat(run.count("dropped")).isZero();
      assertThat(run.count("started")).isEqualTo(run.count("planned"));
      assertThat(server.posts()).isEqualTo((int) run.count("started") + 4);
      List<Long> intended =
          run.requests("measure").stream()
              .map(r -> r.get("intendedNanos").asLong())
              .sorted()
              .toList();
      assertThat((intended.get(intended.size() - 1) - intended.get(0)) / 1e9)
          .isCloseTo((intended.size() - 1) / 40.0, within(0.001));
      assertThat(run.report().at("/load/achieved/ratio").asDouble()).isEqualTo(1);
    }
  }

  @Test
  void server_thatRefusesIn1Millisecond_failsTheRunAndHasNoLatency() {
    Script refuse =
        Script.always(json(401, OpenAiFrames.errorBody("no such key", "invalid_request_error")))
            .answeringGets(json(401, OpenAiFrames.errorBody("no such key", "auth")));
    try (ScriptedServer server = ScriptedServer.start(refuse)) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("users", 2)
              .set("requests", 10)
              .set("warmUp", 0)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(run.report().at("/verdict/exitCode").asInt()).isEqualTo(4);
      assertThat(run.console()).contains("nothing succeeded").contains("answered 401");
      assertThat(run.report().at("/counts/byClass/HTTP_4XX").asLong()).isEqualTo(10);
      assertThat(run.metric("error_rate").path("value").asDouble()).isEqualTo(1);
      for (String metric : List.of("ttft", "e2e", "tpot", "itl", "output_tokens")) {
        assertThat(run.metric(metric).path("count").asLong()).as(metric).isZero();
        assertThat(run.metric(metric).path("mean").isNull()).as(metric).isTrue();
        assertThat(run.metric(metric).path("p50").isNull()).as(metric).isTrue();
      }
      assertThat(server.posts()).isEqualTo(10);
    }
  }

  @Test
  void serverThatDies_isAskedAgainAfterAPause() {
    ScriptedServer server = ScriptedServer.start(paced(Duration.ofMillis(1)));
    try (StartedRun started =
        RunProcess.in(results)
            .set("baseUrl", server.baseUrl())
            .set("users", 4)
            .set("duration", "5s")
            .set("warmUp", 0)
            .set("targets", "none")
            .start()) {
      started.awaitWhileRunning("the twentieth request", () -> server.posts() >= 20);
      server.close();
      FinishedRun run = started.awaitEnd();

      // Within 5 s a user comes at most after 0, 0.1, 0.3, 0.7, 1.5, 2.5, 3.5 and 4.5 s.
      assertThat(run.report().at("/counts/byClass/CONNECT").asLong())
          .as(run.console())
          .isBetween(4L, 4L * 8);
      assertThat(run.count("ok")).isGreaterThanOrEqualTo(16);
    } finally {
      server.close();
    }
  }

  @Test
  void oneOfTenStreamsCut_isOneFailure_andNoRequestIsSentTwice() {
    AtomicInteger posts = new AtomicInteger();
    Script sound = paced(Duration.ofMillis(1));
    Script fourthIsCut =
        request ->
            request.method().equals("POST") && posts.incrementAndGet() == 4
                ? List.of(sse(), chunk(role()), chunk(content("one")), Steps.reset())
                : sound.stepsFor(request);
    try (ScriptedServer server = ScriptedServer.start(fourthIsCut)) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("users", 10)
              .set("requests", 10)
              .set("warmUp", 0)
              .set("targets", "none")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.count("ok")).isEqualTo(9);
      assertThat(run.count("failed")).isEqualTo(1);
      assertThat(run.metric("error_rate").path("value").asDouble()).isEqualTo(0.1);
      assertThat(run.report().at("/counts/byClass/PREMATURE_CLOSE").asLong()).isEqualTo(1);
      assertThat(run.metric("ttft").path("count").asLong()).isEqualTo(9);
      assertThat(run.report().at("/failedStreamTtft/count").asLong()).isEqualTo(1);
      assertThat(run.manifest().at("/gatling/chat/koCount").asLong()).isEqualTo(1);
      assertThat(server.posts()).isEqualTo(10);
      // A prompt's nonce tells each request apart, so that a second sending would show here.
      assertThat(server.requests().stream().filter(r -> r.method().equals("POST")))
          .extracting(request -> request.body())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void conversations_thatAreMeasured_beginWithTheirFirstTurn() {
    try (ScriptedServer server = ScriptedServer.start(paced(Duration.ofMillis(1)))) {
      // Three turns each; two warm-up requests leave the user in the middle of one.
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("kind", "conversation")
              .set("requests", 6)
              .set("warmUp", 2)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.requests("measure").stream().map(r -> r.path("turn").asInt()))
          .containsExactly(0, 1, 2, 0, 1, 2);
    }
  }

  @Test
  void answerThatBreaksItsSchema_failsTheRunInOneLine() {
    // Whatever schema a request carries, this server answers with three words.
    Script streamed = paced(Duration.ofMillis(1));
    Script broken =
        request ->
            request.body().contains("\"stream\":false")
                ? List.of(json(200, OpenAiFrames.completion("one two three", 4, 3)))
                : streamed.stepsFor(request);
    try (ScriptedServer server = ScriptedServer.start(broken)) {
      FinishedRun run =
          RunProcess.in(results)
              .simulation("llmload.simulations.SmokeSimulation")
              .set("baseUrl", server.baseUrl())
              .set("warmUp", 0)
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(2);
      assertThat(run.report().at("/counts/byClass/SCHEMA").asLong()).isEqualTo(12);
      assertThat(run.metric("schema_compliance").path("value").asDouble()).isZero();
      assertThat(run.console().lines())
          .contains(
              "  failed     required target schema_compliance value >= 1 ratio (all): measured 0 ratio");
    }
  }

  @Test
  void tenTimesSlowerServer_losesItsGrade_andARequiredTargetFailsTheRun() throws IOException {
    // A stream of three tokens, one each 20 ms: the first after 20 ms, then 20 ms a token.
    Path targets = results.resolve("targets.yaml");
    Files.writeString(
        targets,
        """
        version: 1
        name: paced
        targets:
          - {id: first, metric: ttft, statistic: p50, op: "<=", value: 150, unit: ms, required: true}
          - {id: pace, metric: tpot, statistic: p50, op: "<=", value: 150, unit: ms}
          - {id: whole, metric: e2e, statistic: p50, op: "<=", value: 450, unit: ms}
        """);
    FinishedRun fast = pacedRun(Duration.ofMillis(20), targets, results.resolve("fast"));
    FinishedRun slow = pacedRun(Duration.ofMillis(200), targets, results.resolve("slow"));

    assertThat(fast.exitCode()).as(fast.console()).isZero();
    assertThat(fast.verdict("grade")).isEqualTo("EXCELLENT");
    assertThat(fast.metric("ttft").path("p50").asDouble()).isBetween(20.0, 150.0);
    // A first token that is read late shortens the gaps after it, but not the whole.
    assertThat(fast.metric("tpot").path("p50").asDouble()).isPositive().isLessThanOrEqualTo(150);
    assertThat(fast.metric("e2e").path("p50").asDouble()).isBetween(60.0, 450.0);
    assertThat(slow.exitCode()).as(slow.console()).isEqualTo(2);
    assertThat(slow.report().at("/verdict/exitCode").asInt()).isEqualTo(2);
    assertThat(slow.verdict("grade")).isEqualTo("POOR");
    assertThat(slow.metric("ttft").path("p50").asDouble()).isGreaterThanOrEqualTo(200);
    assertThat(slow.report().at("/verdict/failures/0").asText())
        .startsWith("required target ttft p50 <= 150 ms");
  }

  private static FinishedRun pacedRun(Duration gap, Path targets, Path into) {
    try (ScriptedServer server = ScriptedServer.start(paced(gap))) {
      return RunProcess.in(into)
          .set("baseUrl", server.baseUrl())
          .set("users", 4)
          .set("requests", 12)
          .set("warmUp", 4)
          .set("targets", targets)
          .finish();
    }
  }
}
