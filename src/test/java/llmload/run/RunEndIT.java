package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import llmload.model.RunReport;
import llmload.model.Validity;
import llmload.testing.ChatScripts;
import llmload.testing.Exchange;
import llmload.testing.FinishedRun;
import llmload.testing.OpenAiFrames;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.StartedRun;
import llmload.testing.Step;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a run can end before its plan is done. */
class RunEndIT {
  private static final Duration PACE = Duration.ofMillis(10);

  @TempDir private Path results;

  @Test
  void killed_leavesAJournalThatCanBeReported() throws IOException {
    Map<String, Long> endedNanos = new ConcurrentHashMap<>();
    Script script =
        request ->
            request.method().equals("GET")
                ? List.of(Steps.json(200, OpenAiFrames.models("test-model")))
                : List.of(
                    sound(PACE), exchange -> endedNanos.put(request.body(), System.nanoTime()));
    try (ScriptedServer server = ScriptedServer.start(script);
        StartedRun started = longRun(server).start()) {
      started.awaitWhileRunning("the hundredth request", () -> server.posts() >= 100);
      long atNanos = System.nanoTime();
      started.awaitWhileRunning(
          "a second later", () -> System.nanoTime() - atNanos > Duration.ofMillis(1100).toNanos());
      long killedNanos = System.nanoTime();
      started.process().destroyForcibly();
      FinishedRun killed = started.awaitEnd();

      assertThat(killed.exitCode()).isEqualTo(137);
      long secondBefore = killedNanos - TimeUnit.SECONDS.toNanos(1);
      long due = endedNanos.values().stream().filter(nanos -> nanos < secondBefore).count();
      assertThat(due).isGreaterThan(50);
      assertThat(killed.requests("measure").size() + killed.requests("warmup").size())
          .isGreaterThanOrEqualTo((int) due);
      tear(killed.folder().resolve("requests.jsonl"));

      RunReport report = Aggregator.aggregateAndWrite(killed.folder());

      assertThat(report.verdict().validity()).isEqualTo(Validity.PARTIAL);
      assertThat(report.verdict().exitCode()).isEqualTo(4);
      assertThat(report.measurements().counts().startedCount())
          .isEqualTo(killed.requests("measure").size());
      assertThat(report.measurements().counts().plannedCount()).isNull();
      assertThat(report.measurements().counts().droppedCount()).isNull();
      assertThat(killed.folder().resolve("report.html")).isNotEmptyFile();
    }
  }

  @Test
  void terminated_writesItsReport_andLoadsTheTargetNoMore() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(PACE));
        StartedRun started = longRun(server).start()) {
      started.awaitWhileRunning("fifty requests", () -> server.posts() >= 50);
      started.signal("TERM");
      FinishedRun run = started.awaitEnd();
      int posts = server.posts();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(143);
      assertThat(run.verdict("validity")).isEqualTo("PARTIAL");
      assertThat(run.report().at("/verdict/exitCode").asInt()).isEqualTo(143);
      assertThat(run.report().at("/verdict/validityReasons").toString()).contains("SIGTERM");
      assertThat(run.count("started"))
          .isEqualTo(run.count("ok") + run.count("failed") + run.count("incomplete"));
      assertThat(run.count("started") + run.count("warmup")).isEqualTo(posts);
      assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
      // Its process has ended, so that nothing is left that could send.
      assertThat(started.process().isAlive()).isFalse();
      assertThat(server.posts()).isEqualTo(posts);
    }
  }

  @Test
  @DisabledIf(
      value = "isInterruptIgnored",
      disabledReason =
          "this process ignores SIGINT, as its children then do: started with nohup or &?")
  void interrupted_onTheEmbeddedServer_endsThatToo() {
    StartedRun started =
        RunProcess.in(results).set("users", 2).set("duration", "10m").set("warmUp", 0).start();
    try (started) {
      started.awaitWhileRunning("a request in the journal", () -> journalHasLines(results));
      List<ProcessHandle> servers = started.descendants();
      assertThat(servers).hasSize(1);
      started.signal("INT");
      FinishedRun run = started.awaitEnd();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(130);
      assertThat(run.report().at("/verdict/validityReasons").toString()).contains("SIGINT");
      started.await("end of the embedded server", () -> !servers.get(0).isAlive());
    }
  }

  @Test
  void parentKilled_endsTheRunWithItsReport_andTheEmbeddedServer() throws IOException {
    // The shell waits for the JVM, as Maven waits for its fork.
    StartedRun started =
        RunProcess.in(results)
            .set("users", 2)
            .set("duration", "10m")
            .set("warmUp", 0)
            .through("sh", "-c", "\"$@\"; exit $?", "sh")
            .start();
    try (started) {
      started.awaitWhileRunning("a request in the journal", () -> journalHasLines(results));
      List<ProcessHandle> below = started.descendants();
      assertThat(below).hasSize(2);
      started.process().destroyForcibly();
      started.await(
          "end of injector and server", () -> below.stream().noneMatch(ProcessHandle::isAlive));
      FinishedRun run = started.awaitEnd();

      assertThat(run.verdict("validity")).isEqualTo("PARTIAL");
      assertThat(run.report().at("/verdict/exitCode").asInt()).isEqualTo(143);
      assertThat(run.folder().resolve("report.html")).isNotEmptyFile();
    }
  }

  @Test
  void maxDuration_endsEvenAnswersThatNeverEnd() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.endless(PACE))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("users", 3)
              .set("requests", 100)
              .set("warmUp", 0)
              .set("maxDuration", "5s")
              .finish();

      // The three in flight never ended, so that nothing was measured.
      assertThat(run.count("incomplete")).isEqualTo(3);
      assertThat(run.count("failed")).isZero();
      assertThat(run.count("planned")).isEqualTo(100);
      assertThat(run.count("dropped")).isEqualTo(97);
      assertThat(run.verdict("validity")).isEqualTo("NO_DATA");
      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(server.posts()).isEqualTo(3);
    }
  }

  @Test
  void duration_endsOnTime_andWhatOutlivesTheDrainIsIncomplete_notFailed() {
    // The first user to come gets an answer that never ends, the others a sound one.
    Script sound = ChatScripts.paced(PACE);
    Script endless = ChatScripts.endless(PACE);
    ConcurrentHashMap<Integer, Boolean> first = new ConcurrentHashMap<>();
    Script script =
        request ->
            request.method().equals("POST") && first.putIfAbsent(1, true) == null
                ? endless.stepsFor(request)
                : sound.stepsFor(request);
    try (ScriptedServer server = ScriptedServer.start(script)) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("users", 4)
              .set("duration", "2s")
              .set("drain", "1s")
              .set("warmUp", 0)
              .set("targets", "none")
              .set("thinkTime", "100ms")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.count("incomplete")).isEqualTo(1);
      assertThat(run.count("failed")).isZero();
      assertThat(run.metric("error_rate").path("value").asDouble()).isZero();
      assertThat(run.count("ok")).isGreaterThan(3);
      JsonNode open =
          run.requests("measure").stream()
              .filter(line -> line.path("outcome").asText().equals("INCOMPLETE"))
              .findFirst()
              .orElseThrow();
      assertThat(open.path("endNanos").asLong() / 1e9).isBetween(2.5, 5.0);
      List<Long> sent =
          run.requests("measure").stream().map(line -> line.path("sentNanos").asLong()).toList();
      long span = sent.stream().reduce(Math::max).get() - sent.stream().reduce(Math::min).get();
      assertThat(span / 1e9).isLessThanOrEqualTo(2.05);
    }
  }

  @Test
  void thinkTimeAndRamp_doNotOutliveTheLoad() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(PACE))) {
      FinishedRun run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("users", 100)
              .set("rampUp", "10m")
              .set("thinkTime", "10m")
              .set("requests", 1)
              .set("warmUp", 0)
              .set("targets", "none")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.count("ok")).isEqualTo(1);
      assertThat(server.posts()).isEqualTo(1);
    }
  }

  @Test
  void diskFull_stopsTheLoad_andTheRunIsPartial() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(PACE))) {
      // No file may grow beyond 64 blocks of 512 bytes (dash) or 1,024 (bash); SIGXFSZ becomes
      // EFBIG.
      FinishedRun run =
          longRun(server)
              .through("sh", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh")
              .finish();

      assertThat(run.exitCode()).as(run.console()).isEqualTo(4);
      assertThat(run.console()).contains("the journal cannot be written, the load stops");
      assertThat(run.console()).contains("PARTIAL");
      // Every line is a request of 500 bytes or so: a few hundred fit, and the load is for minutes.
      assertThat(run.requests("measure").size()).isBetween(20, 600);
    }
  }

  private RunProcess longRun(ScriptedServer server) {
    return RunProcess.in(results)
        .set("baseUrl", server.baseUrl())
        .set("users", 8)
        .set("duration", "10m")
        .set("warmUp", 4);
  }

  private static Step sound(Duration gap) {
    List<String> events = OpenAiFrames.stream("one", " two", " three");
    return Steps.sequence(
        Steps.sse(),
        Steps.chunks(events.subList(0, 3)),
        Steps.pause(gap),
        Steps.chunks(events.subList(3, events.size())),
        Exchange::endBody);
  }

  private static boolean journalHasLines(Path results) {
    try {
      Path journal = results.resolve("latest/requests.jsonl");
      return Files.exists(journal) && Files.size(journal) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Half a line at the end: what a kill in the middle of a write leaves. */
  private static void tear(Path journal) throws IOException {
    String line = Files.readAllLines(journal).get(0);
    Files.write(
        journal,
        line.substring(0, line.length() / 2).getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.APPEND);
  }

  /** Bit 1 of the ignored signals is number 2, SIGINT. */
  static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }
}
