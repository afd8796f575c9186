package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import llmload.model.RunReport;
import llmload.model.Validity;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.ScriptedServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run of 50 chats by 4 users: what it sends, what it leaves, and what edits of that show. */
class ChatRunIT {
  @TempDir private static Path results;
  private static FinishedRun run;
  private static int posts;
  private static int gets;

  @TempDir private Path copy;

  @BeforeAll
  static void chat() {
    try (ScriptedServer server = ScriptedServer.start(ChatScripts.paced(Duration.ofMillis(5)))) {
      run =
          RunProcess.in(results)
              .set("baseUrl", server.baseUrl())
              .set("users", 4)
              .set("requests", 50)
              .set("warmUp", 6)
              .finish();
      posts = server.posts();
      gets = server.gets();
    }
  }

  @Test
  void run_soundServer_passes() {
    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.report().at("/verdict/exitCode").asInt()).isZero();
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.console()).contains("50 started").contains("report.html");
  }

  @Test
  void requests_asTheServerCountedThem_areExactlyThePlan() {
    // 50 measured and 6 to warm up, each sent once; one look at the models before, and one at each
    // of the two places where servers have their metrics.
    assertThat(posts).isEqualTo(56);
    assertThat(gets).isEqualTo(3);
    assertThat(run.count("planned")).isEqualTo(50);
    assertThat(run.count("started")).isEqualTo(50);
    assertThat(run.count("ok")).isEqualTo(50);
    assertThat(run.count("failed") + run.count("incomplete") + run.count("dropped")).isZero();
    assertThat(run.count("warmup")).isEqualTo(6);
    assertThat(run.requests("measure")).hasSize(50);
    assertThat(run.requests("warmup")).hasSize(6);
    assertThat(run.manifest().at("/gatling/chat/okCount").asLong()).isEqualTo(50);
    assertThat(run.requests("measure").stream().map(r -> r.get("user").asInt()).distinct())
        .hasSize(4);
  }

  @Test
  void metrics_areNotLessThanTheServersPauses() {
    // One pause of 5 ms lies before the first token, three before the last.
    assertThat(run.metric("ttft").path("min").asDouble()).isGreaterThanOrEqualTo(5);
    assertThat(run.metric("e2e").path("min").asDouble()).isGreaterThanOrEqualTo(15);
    assertThat(run.metric("output_tokens").path("mean").asDouble()).isEqualTo(3);
  }

  @Test
  void injector_ofAShortRun_wasStillLookedAt() {
    assertThat(run.report().at("/injector/eventLoopLagMaxMillis").isNumber()).isTrue();
    assertThat(run.report().at("/injector/gcPauseMaxMillis").isNumber()).isTrue();
    assertThat(run.samples()).extracting(s -> s.at("/values/done_count").asLong()).contains(50L);
    assertThat(run.samples()).allMatch(sample -> sample.at("/values/done_count").asLong() >= 0);
  }

  @Test
  void folder_holdsEveryFile_andLatestIsARelativeLink() throws IOException {
    for (String file :
        List.of(
            "report.html",
            "report.json",
            "report.md",
            "junit.xml",
            "requests.jsonl",
            "telemetry.jsonl",
            "run.json",
            "gatling/index.html",
            "gatling/simulation.log")) {
      assertThat(run.folder().resolve(file)).isNotEmptyFile();
    }
    assertThat(Files.readSymbolicLink(results.resolve("latest")))
        .isEqualTo(run.folder().getFileName());
  }

  @Test
  void report_keepsToItsSchema() throws IOException {
    String schema =
        Files.readString(
            ProjectFolder.find().resolve("src/test/resources/llmload/report.schema.json"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON)
                .validate(run.report().toString(), InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void report_madeAgain_isTheSame() throws IOException {
    copyRun();
    byte[] before = Files.readAllBytes(copy.resolve("report.json"));
    Files.delete(copy.resolve("report.json"));

    Aggregator.aggregateAndWrite(copy);

    assertThat(Files.readAllBytes(copy.resolve("report.json"))).isEqualTo(before);
  }

  @Test
  void journal_withoutOneLine_isInvalid() throws IOException {
    copyRun();
    List<String> lines = Files.readAllLines(copy.resolve("requests.jsonl"));
    int measured = lines.size() - 2;
    assertThat(lines.get(measured)).contains("\"phase\":\"measure\"");
    lines.remove(measured);
    Files.write(copy.resolve("requests.jsonl"), lines);

    RunReport report = Aggregator.aggregate(copy);

    assertThat(report.verdict().validity()).isEqualTo(Validity.INVALID);
    assertThat(report.verdict().exitCode()).isEqualTo(4);
    assertThat(report.verdict().validityReasons())
        .anyMatch(reason -> reason.contains("49 rows") && reason.contains("its footer says 50"));
  }

  @Test
  void gatlingCount_changed_isInvalidAndNamesBothNumbers() throws IOException {
    copyRun();
    Path manifest = copy.resolve("run.json");
    String text = Files.readString(manifest);
    assertThat(text).contains("\"okCount\" : 50");
    Files.writeString(manifest, text.replace("\"okCount\" : 50", "\"okCount\" : 47"));

    RunReport report = Aggregator.aggregate(copy);

    assertThat(report.verdict().validity()).isEqualTo(Validity.INVALID);
    assertThat(report.verdict().exitCode()).isEqualTo(4);
    assertThat(report.verdict().validityReasons())
        .anyMatch(reason -> reason.contains("47") && reason.contains("50"));
  }

  @Test
  void settings_areRecordedWithWhatIsInForce() {
    JsonNode settings = run.manifest().path("settings");
    assertThat(settings.path("users").asText()).isEqualTo("4");
    assertThat(settings.path("warmUp").asText()).isEqualTo("6");
    assertThat(settings.path("drain").asText()).isEqualTo("5s");
    assertThat(run.report().at("/target/model").asText()).isEqualTo("test-model");
    assertThat(run.report().path("simulation").asText())
        .isEqualTo("llmload.simulations.LoadSimulation");
  }

  private void copyRun() throws IOException {
    try (Stream<Path> files = Files.list(run.folder())) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
  }
}
