package llmload.report.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.ServerPlace;
import llmload.model.TelemetrySample;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every field of that suite's stress runner, by its own list of fields, and what is in it. */
class MinibiaiStressExporterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FIELDS =
      Path.of("src/test/resources/fixtures/report/export/minibiai-stress-fields.json");
  private static final double MIB = 1_048_576;

  @TempDir private Path folder;

  private final List<RequestRecord> requests = new ArrayList<>();
  private final List<TelemetrySample> samples = new ArrayList<>();

  private ServerPlace place = ServerPlace.THIS_MACHINE;

  private record Journal(List<RequestRecord> requests, List<TelemetrySample> samples)
      implements JournalRecords {
    @Override
    public void forEachRequest(Consumer<RequestRecord> sink) {
      requests.forEach(sink);
    }

    @Override
    public void forEachSample(Consumer<TelemetrySample> sink) {
      samples.forEach(sink);
    }
  }

  /** The sample, with its server in {@link #place}. */
  private RunReport report() {
    RunReport plain = SampleRunReports.ordinary();
    RunManifest manifest = plain.manifest();
    return new RunReport(
        new RunManifest(
            manifest.runId(),
            manifest.simulation(),
            manifest.startedAt(),
            manifest.endedAt(),
            manifest.endedNanos(),
            manifest.target(),
            manifest.plan(),
            manifest.targets(),
            manifest.failOn(),
            manifest.validityLimits(),
            manifest.settings(),
            Map.of(ServerPlace.KEY, place.word()),
            manifest.gatling(),
            manifest.warnings()),
        plain.measurements(),
        plain.targets(),
        plain.verdict(),
        plain.suite(),
        plain.definitions(),
        plain.comparison());
  }

  private JsonNode export() throws IOException {
    new MinibiaiStressExporter().write(report(), new Journal(requests, samples), folder);
    try (Stream<Path> files = Files.list(folder)) {
      return JSON.readTree(files.findFirst().orElseThrow().toFile());
    }
  }

  private void answers(String test, String stage, int users, int count, int millis, double sent) {
    for (int i = 0; i < count; i++) {
      requests.add(request(test, stage, users, millis, sent).build());
    }
  }

  private static RequestFixture request(
      String test, String stage, int users, int millis, double sent) {
    return RequestFixture.stream(millis)
        .name(test)
        .tag("stage", stage)
        .tag("concurrency", Integer.toString(users))
        .sent(sent);
  }

  private void sample(
      String source, double millis, Map<String, Double> values, Map<String, String> labels) {
    samples.add(new TelemetrySample(source, (long) (millis * 1e6), values, labels));
  }

  private void host(double millis, double cpuRatio, double memoryRatio) {
    sample(
        "host",
        millis,
        Map.of(
            "cpu_busy_ratio",
            cpuRatio,
            "memory_used_bytes",
            memoryRatio * 1000,
            "memory_total_bytes",
            1000.0),
        Map.of());
  }

  /** The names of a list of fields and, behind a dot, those in their braces. */
  private static List<String> documented(String... lists) throws IOException {
    List<String> names = new ArrayList<>();
    for (String list : lists) {
      for (JsonNode field : JSON.readTree(Files.readString(FIELDS)).path(list)) {
        String text = field.asText().replace("[]", "");
        int brace = text.indexOf('{');
        String name = brace < 0 ? text : text.substring(0, brace);
        names.add(name);
        if (brace >= 0) {
          for (String inner : text.substring(brace + 1, text.length() - 1).split(",", -1)) {
            if (!inner.isEmpty()) {
              names.add(name + "." + inner);
            }
          }
        }
      }
    }
    assertThat(names).isNotEmpty();
    return names;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object
        .properties()
        .forEach(
            field -> {
              names.add(field.getKey());
              field
                  .getValue()
                  .fieldNames()
                  .forEachRemaining(inner -> names.add(field.getKey() + "." + inner));
            });
    return names;
  }

  @Test
  void loadTest_hasEveryField_andItsNumbers() throws IOException {
    answers("steady_high", "ramp_up", 1, 5, 1, 0);
    // 20 answers of 100, 200 … 2000 ms at full load, and 5 failures: 25 from 1 s to 3 s.
    for (int i = 1; i <= 20; i++) {
      answers("steady_high", "hold", 25, 1, 100 * i, 1000);
    }
    for (int i = 0; i < 5; i++) {
      requests.add(
          request("steady_high", "hold", 25, 1, 1000)
              .outcome(Outcome.HTTP_5XX, 503, "full")
              .build());
    }
    host(500, 0.2, 0.5);
    host(1500, 0.6, 0.7);
    host(9000, 1, 1);
    // Up and down in straight lines: the means over the 3 s are 200 MiB and 0.7.
    for (int at = 0; at <= 3000; at += 1500) {
      boolean high = at == 1500;
      sample("process", at, Map.of("rss_bytes", (high ? 300 : 100) * MIB), Map.of("pid", "1"));
      sample("gpu", at, Map.of("gpu_busy_ratio", high ? 0.9 : 0.5), Map.of("gpu", "0"));
    }

    JsonNode whole = export();
    JsonNode test = whole.at("/test_results/steady_high");
    assertThat(names(test)).containsExactlyElementsOf(documented("test"));
    assertThat(test.path("duration_seconds").asDouble()).isEqualTo(3);
    assertThat(test.path("max_concurrency").asInt()).isEqualTo(25);
    assertThat(test.path("total_requests").asInt()).isEqualTo(25);
    assertThat(test.path("completed_requests").asInt()).isEqualTo(20);
    assertThat(test.path("failed_requests").asInt()).isEqualTo(5);
    assertThat(test.path("error_rate_percent").asDouble()).isEqualTo(20);
    // 20 answers in the 2 s at full load.
    assertThat(test.path("throughput_rps").asDouble()).isEqualTo(10);
    // NumPy's ranks 0.5 · 19 = 9.5, 0.95 · 19 = 18.05, 0.99 · 19 = 18.81.
    JsonNode latencies = test.path("latency_stats");
    assertThat(latencies.path("mean_ms").asDouble()).isCloseTo(1050, within(1e-6));
    assertThat(latencies.path("median_ms").asDouble()).isCloseTo(1050, within(1e-6));
    assertThat(latencies.path("p95_ms").asDouble()).isCloseTo(1905, within(1e-6));
    assertThat(latencies.path("p99_ms").asDouble()).isCloseTo(1981, within(1e-6));
    assertThat(latencies.path("max_ms").asDouble()).isEqualTo(2000);
    assertSystem(test.path("system_metrics"));
    JsonNode stability = test.path("stability_assessment");
    assertThat(stability.path("system_stable").asBoolean()).isFalse();
    assertThat(stability.path("error_rate_percent").asDouble()).isEqualTo(20);
    assertThat(stability.path("throughput_rps").asDouble()).isEqualTo(10);
    assertThat(stability.path("max_concurrency_tested").asInt()).isEqualTo(25);
    assertThat(names(whole)).containsAll(documented("top"));
    JsonNode overall = whole.path("overall_assessment");
    assertThat(overall.path("overall_stability").asDouble()).isZero();
    assertThat(overall.path("tests_passed").asInt()).isZero();
    assertThat(overall.path("max_sustainable_load").isNull()).isTrue();
    assertThat(overall.path("performance_grade").asText()).isEqualTo("Poor");
  }

  /** The look after the last end is no part of it. */
  private static void assertSystem(JsonNode system) {
    assertThat(system.path("samples").asInt()).isEqualTo(2);
    assertThat(system.path("monitoring_duration").asDouble()).isEqualTo(3);
    assertThat(system.path("cpu_avg").asDouble()).isCloseTo(40, within(1e-9));
    assertThat(system.path("cpu_peak").asDouble()).isCloseTo(60, within(1e-9));
    assertThat(system.path("memory_avg").asDouble()).isCloseTo(60, within(1e-9));
    assertThat(system.path("memory_peak").asDouble()).isCloseTo(70, within(1e-9));
    assertThat(system.path("process_memory_avg").asDouble()).isEqualTo(200);
    assertThat(system.path("process_memory_peak").asDouble()).isEqualTo(300);
    assertThat(system.path("gpu_util_avg").asDouble()).isCloseTo(70, within(1e-9));
    assertThat(system.path("gpu_util_peak").asDouble()).isCloseTo(90, within(1e-9));
  }

  @Test
  void resourcePressure_hasItsAssessmentInPlaceOfStability() throws IOException {
    answers("pressure", "hold", 8, 10, 1000, 0);
    host(200, 0.9, 0.94);
    host(800, 0.985, 0.5);

    JsonNode test = export().at("/test_results/resource_pressure");
    List<String> expected = new ArrayList<>(documented("test", "resource_pressure"));
    expected.removeIf(name -> name.startsWith("stability_assessment"));
    assertThat(names(test)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(test.path("test_type").asText()).isEqualTo("resource_pressure");
    // Memory stays below 95 %, the CPU does not below 98 %; nothing failed.
    JsonNode pressure = test.path("resource_assessment");
    assertThat(pressure.path("handled_memory_pressure").asBoolean()).isTrue();
    assertThat(pressure.path("handled_cpu_pressure").asBoolean()).isFalse();
    assertThat(pressure.path("memory_peak_percent").asDouble()).isCloseTo(94, within(1e-9));
    assertThat(pressure.path("cpu_peak_percent").asDouble()).isCloseTo(98.5, within(1e-9));
    assertThat(pressure.path("pressure_sustained").asBoolean()).isTrue();
    // Nobody looked at a process or a GPU.
    assertThat(test.at("/system_metrics/process_memory_avg").isNull()).isTrue();
    assertThat(test.at("/system_metrics/gpu_util_peak").isNull()).isTrue();
  }

  @Test
  void resourcePressure_ofAnotherMachine_isToldAndNotJudged() throws IOException {
    place = ServerPlace.ANOTHER_MACHINE;
    answers("pressure", "hold", 8, 10, 1000, 0);
    host(200, 0.9, 0.94);

    JsonNode pressure = export().at("/test_results/resource_pressure/resource_assessment");
    assertThat(pressure.path("cpu_peak_percent").asDouble()).isCloseTo(90, within(1e-9));
    assertThat(List.of("handled_memory_pressure", "handled_cpu_pressure", "pressure_sustained"))
        .allSatisfy(name -> assertThat(pressure.path(name).isNull()).as(name).isTrue());
  }

  @Test
  void breakingPoint_hasItsStairsAndWhatWasBorne() throws IOException {
    answers("breaking_point", "stair", 1, 20, 10, 0);
    answers("breaking_point", "stair", 11, 20, 10, 1000);
    answers("breaking_point", "stair", 21, 18, 10, 2000);
    // 2 of 20 are 10 %, above the 5 % that are borne.
    for (int i = 0; i < 2; i++) {
      requests.add(
          request("breaking_point", "stair", 21, 1, 2000)
              .outcome(Outcome.HTTP_5XX, 503, "full")
              .build());
    }
    answers("breaking_point", "refine", 12, 20, 10, 3000);

    JsonNode test = export().at("/test_results/breaking_point");
    List<String> expected = new ArrayList<>(documented("test", "breaking_point"));
    expected.removeIf(name -> name.startsWith("stability_assessment"));
    assertThat(names(test)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(test.path("breaking_point_concurrency").asInt()).isEqualTo(21);
    assertThat(test.path("tested_concurrencies").toString()).isEqualTo("[1,11,12,21]");
    JsonNode assessment = test.path("breaking_point_assessment");
    assertThat(assessment.path("max_sustainable_load").asInt()).isEqualTo(12);
    assertThat(assessment.path("breaking_point_reached").asBoolean()).isTrue();
    assertThat(assessment.path("tested_concurrencies"))
        .isEqualTo(test.path("tested_concurrencies"));
    // The breaking point over the highest that was tested.
    assertThat(assessment.path("scaling_efficiency").asDouble()).isEqualTo(1);
  }
}
