package llmload.run.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.grading.BaselineJudge;
import llmload.grading.ComparisonPolicy;
import llmload.model.BaselineComparison;
import llmload.model.Interval;
import llmload.model.MetricSummary;
import llmload.model.Regression;
import llmload.model.RunSnapshot;
import llmload.model.Validity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineFileTest {
  @TempDir private Path folder;

  private RunSnapshot read(String json) throws IOException {
    Path file = folder.resolve("old.json");
    Files.writeString(file, json);
    return BaselineFile.read(file);
  }

  private static RunSnapshot own() {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", 96.25);
    percentiles.put("p99.9", 400.0);
    MetricSummary ttft =
        new MetricSummary(
            "ms",
            1180,
            null,
            40.0,
            105.5,
            12.0,
            percentiles,
            500.0,
            Map.of("p50", new Interval(93, 99.5, "ms")),
            null);
    return new RunSnapshot(
        "main",
        RunSnapshot.LLMLOAD,
        "load-1",
        Instant.parse("2026-01-02T03:04:05Z"),
        Instant.parse("2026-01-03T03:04:05Z"),
        "0123456789012345678901234567890123456789",
        false,
        Validity.DEGRADED,
        1180L,
        Map.of("users", "4"),
        Map.of(
            "all",
            Map.of("ttft", ttft, "tpot", MetricSummary.absent("ms", "no answer was streamed"))),
        Map.of("avg_tps", 123.5));
  }

  @Test
  void ownBaseline_isReadAsItWasWritten() {
    Path file = folder.resolve("deep/main.json");

    BaselineFile.write(file, own());

    assertThat(BaselineFile.read(file)).isEqualTo(own());
  }

  @Test
  void renamedFile_isCalledByItsNewName_butTheCopyInARunKeepsIts() {
    BaselineFile.write(folder.resolve("january.json"), own());
    BaselineFile.write(folder.resolve(BaselineFile.IN_RUN), own());

    assertThat(BaselineFile.read(folder.resolve("january.json")).name()).isEqualTo("january");
    assertThat(BaselineFile.read(folder.resolve(BaselineFile.IN_RUN)).name()).isEqualTo("main");
  }

  @Test
  void savedFile_stampsItsTime_underTheSuitesKey() throws IOException {
    Path file = folder.resolve("main.json");
    BaselineFile.write(file, own());

    assertThat(Files.readString(file))
        .contains("\"baselineVersion\" : 1")
        .contains("\"baseline_updated_at\" : \"2026-01-03T03:04:05Z\"");
  }

  @Test
  void pyagent_isTheMeanOverWhatSucceeded() throws IOException {
    RunSnapshot baseline =
        read(
            """
            {"timestamp": 1767225600, "total_tests": 3, "successful_tests": 2, "failed_tests": 1,
             "results": [
               {"test_name": "single_short", "tokens_per_second": 40.0, "success": true},
               {"test_name": "single_long", "tokens_per_second": 60.0, "success": true},
               {"test_name": "batch_5", "tokens_per_second": 900.0, "success": false}]}
            """);

    assertThat(baseline.format()).isEqualTo("pyagent");
    // (40 + 60) / 2.
    assertThat(baseline.suiteNumbers()).containsExactly(entry("avg_tps", 50.0));
    assertThat(baseline.okCount()).isEqualTo(2);
  }

  // At the top, as the suite saves it, and one deeper, as its command line does.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        "{\"timestamp\": \"x\", \"benchmarks\": %s}",
        "{\"full\": {\"benchmarks\": %s}, \"config\": {}}",
        "{\"benchmarks\": {\"benchmarks\": %s}}",
        "{\"results\": %s}",
      })
  void t12_theThreeLayoutsOfMinibiai_giveTheSameVerdict(String layout) throws IOException {
    String numbers =
        """
        {"token_throughput": {"tokens_per_second": 40.0, "p95_ms": 3.0},
         "retrieval_performance": {"p95_ms": 20.0, "throughput_rps": 100}}
        """;
    RunSnapshot baseline = read(layout.formatted(numbers));

    assertThat(baseline.suiteNumbers()).containsOnly(entry("tok_s", 40.0), entry("p95_ms", 20.0));
    // 35 of 40 is -12.5 %, 20 of 20 no change.
    BaselineComparison compared =
        BaselineJudge.compare(
            baseline,
            new RunSnapshot(
                "now",
                RunSnapshot.LLMLOAD,
                null,
                null,
                null,
                null,
                false,
                Validity.VALID,
                10L,
                Map.of(),
                Map.of(),
                Map.of("tok_s", 35.0, "p95_ms", 20.0)),
            ComparisonPolicy.of(baseline),
            List.of());
    assertThat(compared.policy()).isEqualTo("minibiai");
    assertThat(compared.regression()).isEqualTo(Regression.REGRESSION);
    assertThat(compared.rows(Regression.REGRESSION))
        .singleElement()
        .satisfies(row -> assertThat(row.metric()).isEqualTo("token_throughput"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"summary\": {\"avg_ttft_ms\": 50, \"avg_tbt_ms\": 10, \"avg_throughput_tps\": 100}}",
        "{\"metrics\": {\"avg_ttft_ms\": 50, \"avg_tbt_ms\": 10, \"avg_throughput_tps\": 100}}",
        "{\"avg_ttft_ms\": 50, \"avg_tbt_ms\": 10, \"avg_throughput_tps\": 100}",
        // The means of 40 and 60, 8 and 12, 90 and 110; a row of which nothing succeeded is none.
        "{\"rows\": [{\"ttft_ms\": 40, \"tbt_ms\": 8, \"throughput_tps\": 90},"
            + " {\"ttft_ms\": 60, \"tbt_ms\": 12, \"throughput_tps\": 110},"
            + " {\"ttft_ms\": 0, \"tbt_ms\": 0, \"throughput_tps\": 0, \"successful_requests\": 0}]}",
      })
  void sagellm_summaryMetricsAndRows_areTheSame(String json) throws IOException {
    RunSnapshot baseline = read(json);

    assertThat(baseline.format()).isEqualTo("sagellm");
    assertThat(baseline.simulated()).isFalse();
    assertThat(baseline.suiteNumbers())
        .containsOnly(
            entry("avg_ttft_ms", 50.0),
            entry("avg_tbt_ms", 10.0),
            entry("avg_throughput_tps", 100.0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"simulate\": true, \"summary\": {\"avg_ttft_ms\": 50}}",
        "{\"metadata\": {\"simulated\": true}, \"summary\": {\"avg_ttft_ms\": 50}}",
        "{\"rows\": [{\"ttft_ms\": 50, \"mode\": \"simulated\"}]}",
      })
  void sagellm_markedSimulated_isSimulated(String json) throws IOException {
    assertThat(read(json).simulated()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | empty",
        "{\"results\": []} | pyagent",
        "{\"benchmarks\": {}} | minibiai",
        "{\"summary\": {}} | sagellm",
      })
  void emptyFile_isABaselineWithoutNumbers(String json, String format) throws IOException {
    RunSnapshot baseline = read(json);

    assertThat(baseline.format()).isEqualTo(format);
    assertThat(baseline.suiteNumbers()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": 1,\\n oops} | :2: Expecting JSON. Found: ",
        "[1] | : Expecting a baseline: ",
        "{\"colour\": 1} | Found: the keys colour.",
        "{\"a\": 1, \"a\": 2} | Expecting JSON. Found: Duplicate field 'a'",
        "{\"baselineVersion\": 2} | baselineVersion: Expecting the version 1. Found: 2.",
        "{\"baselineVersion\": 1, \"metrics\": {\"all\": {\"ttft\": {\"unit\": \"ms\", \"p50\": \"x\"}}}}"
            + " | metrics.all.ttft.p50: Expecting a number. Found: \"x\".",
        "{\"baselineVersion\": 1, \"metrics\": {}, \"validity\": \"GOOD\"}"
            + " | validity: Expecting one of VALID",
      })
  void badFile_isToldWithItsPath(String json, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(json.replace("\\n", "\n")))
        .withMessageStartingWith(folder.resolve("old.json").toString())
        .withMessageContaining(message);
  }

  @Test
  void missingName_isToldWithThoseThereAre() {
    BaselineFile.write(folder.resolve(BaselineFolder.FOLDER).resolve("main.json"), own());

    assertThat(BaselineFolder.of(folder).find("main")).isRegularFile();
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> BaselineFolder.of(folder).find("mian"))
        .withMessage(
            "baseline: Expecting the name of a file in user-files/baselines, or the path of a file"
                + " or of a run's folder. Found: mian. There are main.");
  }
}
