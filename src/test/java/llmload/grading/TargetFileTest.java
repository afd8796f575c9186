package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.model.Operator;
import llmload.model.Statistic;
import llmload.model.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetFileTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("t.yaml"), text);
  }

  private List<String> problemsOf(String text) throws IOException {
    Path file = file(text);
    try {
      TargetFile.read(file);
    } catch (ConfigException e) {
      return e.problems().stream().map(line -> line.replace(file + ": ", "")).toList();
    }
    return List.of();
  }

  private List<String> problemsOfTarget(String entry) throws IOException {
    return problemsOf("version: 1\ntargets:\n  - " + entry + "\n");
  }

  @Test
  void file_ofTheDesign_becomesItsTargets() throws IOException {
    List<Target> targets =
        TargetFile.read(
            file(
                """
                version: 1
                name: rtx_4090
                targets:
                  - {metric: output_tokens_per_second_per_user, statistic: mean, op: ">=", value: 30, unit: tok/s}
                  - {metric: ttft, statistic: p50, op: "<", value: 5, unit: ms}
                  - {metric: ttft, scope: chat, statistic: p99, op: "<=", value: 2000, unit: ms, required: true}
                """));

    assertThat(targets)
        .containsExactly(
            new Target(
                "all.output_tokens_per_second_per_user.mean",
                "all",
                "output_tokens_per_second_per_user",
                new Statistic("mean"),
                Operator.AT_LEAST,
                30,
                null,
                "tok/s",
                false,
                true,
                null),
            new Target(
                "all.ttft.p50",
                "all",
                "ttft",
                new Statistic("p50"),
                Operator.LESS,
                5,
                null,
                "ms",
                false,
                true,
                null),
            new Target(
                "chat.ttft.p99",
                "chat",
                "ttft",
                new Statistic("p99"),
                Operator.AT_MOST,
                2000,
                null,
                "ms",
                true,
                true,
                null));
  }

  @Test
  void entry_withEveryKey_keepsThem() throws IOException {
    List<Target> targets =
        TargetFile.read(
            file(
                """
                version: 1
                source: a paper
                targets:
                  - {id: spikes, metric: spike_rate, op: between, value: [0.05, 0.15], unit: ratio, kind: expect, source: a page}
                  - {metric: itl, statistic: p99.90, op: "<", value: 0.5, unit: ms}
                """));

    assertThat(targets.get(0))
        .isEqualTo(
            new Target(
                "spikes",
                "all",
                "spike_rate",
                Statistic.VALUE,
                Operator.BETWEEN,
                0.05,
                0.15,
                "ratio",
                false,
                false,
                "a page"));
    assertThat(targets.get(1).statistic().name()).isEqualTo("p99.9");
    assertThat(targets.get(1).source()).isEqualTo("a paper");
  }

  @Test
  void read_withFurtherMetrics_knowsThemAndTheirUnits() throws IOException {
    Path file =
        file(
            """
            version: 1
            targets:
              - {metric: gpu_power, statistic: max, op: "<", value: 450, unit: W}
            """);

    assertThat(TargetFile.read(file, Map.of("gpu_power", "W"))).hasSize(1);
    assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> TargetFile.read(file));
  }

  @Test
  void file_withManyProblems_tellsAllAtOnce() throws IOException {
    assertThat(
            problemsOf(
                """
                version: 2
                nmae: x
                targets:
                  - {metric: ttft, statistic: p99, op: "<=", value: 2000, unit: ms}
                  - {metric: tttf, statistic: p100, op: "=<", value: fast, unit: ms}
                  - {metric: ttft, statistic: p99, op: "<=", value: 2, unit: s}
                """))
        .containsExactly(
            "unknown key: Expecting one of description, name, source, targets, version."
                + " Found: nmae. Did you mean name?",
            "version: Expecting 1. Found: 2.",
            "targets[1].metric: Expecting the id of a metric. Found: tttf. Did you mean ttft?",
            "targets[1].statistic: Expecting a percentile such as p50 or p99.9, mean, min, max or"
                + " std, or value. Found: p100.",
            "targets[1].op: Expecting one of < <= > >= between. Found: =<.",
            "targets[1].value: Expecting a finite number. Found: fast.",
            "targets[2].unit: Expecting ms, the unit of ttft. Found: s."
                + " Convert the value; units are never converted silently.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {metric: error_rate, statistic: p99, op: "<", value: 0.1, unit: ratio} | targets[0].statistic: Expecting value, since error_rate is a single number. Found: p99.
          {metric: ttft, statistic: value, op: "<", value: 1, unit: ms} | targets[0].statistic: Expecting a percentile such as p50 or p99.9, mean, min, max or std, since ttft is a distribution. Found: value.
          {metric: ttft, op: "<", value: 1, unit: ms} | targets[0].statistic: Expecting a percentile such as p50 or p99.9, mean, min, max or std. Found: nothing.
          {metric: error_rate, op: "<", value: 5, unit: ratio} | targets[0].value: Expecting a number from 0 to 1 (a ratio). Found: 5.
          {metric: ttft, statistic: p50, op: "<", value: 1.0e999, unit: ms} | targets[0].value: Expecting a finite number. Found: Infinity.
          {metric: ttft, statistic: p50, op: between, value: [9, 1], unit: ms} | targets[0].value: Expecting [lower, upper], a finite number, since op is between. Found: [9, 1].
          {metric: ttft, statistic: p50, op: between, value: 1, unit: ms} | targets[0].value: Expecting [lower, upper], a finite number, since op is between. Found: 1.
          {metric: ttft, statistic: p50, op: "<", value: [1, 2], unit: ms} | targets[0].value: Expecting a finite number. Found: [1, 2].
          {metric: ttft, statistic: p50, op: "<", value: 1} | targets[0].unit: Expecting ms, the unit of ttft. Found: nothing. Convert the value; units are never converted silently.
          {metric: ttft, statistic: p50, op: "<", value: 1, unit: ms, kind: goal} | targets[0].kind: Expecting gate or expect. Found: goal.
          {metric: ttft, statistic: p50, op: "<", value: 1, unit: ms, kind: expect, required: true} | targets[0].required: Expecting false where kind is expect. Found: true. An expectation never fails.
          {metric: ttft, statistic: p50, op: "<", value: 1, unit: ms, required: yes please} | targets[0].required: Expecting true or false. Found: yes please.
          {metric: ttft, statistic: p50, op: "<", value: 1, unit: ms, scope: 7} | targets[0].scope: Expecting a text. Found: 7.
          {metric: ttft, statistic: p50, op: "<", value: 1, unit: ms, requird: true} | targets[0], unknown key: Expecting one of id, kind, metric, op, required, scope, source, statistic, unit, value. Found: requird. Did you mean required?
          ttft | targets[0]: Expecting a mapping such as {metric: ttft, ...}. Found: ttft.
          """)
  void entry_thatCannotBeUsed_isOneProblem(String entry, String problem) throws IOException {
    assertThat(problemsOfTarget(entry)).containsExactly(problem);
  }

  @Test
  void targets_withOneIdTwice_areRefused() throws IOException {
    String entry = "  - {metric: ttft, statistic: p99, op: \"<=\", value: 2000, unit: ms}\n";

    assertThat(problemsOf("version: 1\ntargets:\n" + entry + entry))
        .containsExactly(
            "targets: Expecting a different id for each target. Found: all.ttft.p99."
                + " Give one its own id.");
  }

  @ParameterizedTest
  @CsvSource({"''", "'targets: []'", "'targets: {a: 1}'"})
  void file_withoutTargets_isRefused(String text) throws IOException {
    assertThat(problemsOf(text))
        .anyMatch(line -> line.startsWith("targets: Expecting a list of at least one target."))
        .anyMatch(line -> line.startsWith("version: Expecting 1. Found: nothing."));
  }

  @Test
  void problem_namesTheFileFirst() throws IOException {
    Path file = file("version: 1\n");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> TargetFile.read(file))
        .withMessage(file + ": targets: Expecting a list of at least one target. Found: nothing.");
  }

  @Test
  void shippedDefault_canBeRead() {
    assertThat(TargetFile.read(Path.of("user-files/targets/smoke.yaml"))).isNotEmpty();
  }
}
