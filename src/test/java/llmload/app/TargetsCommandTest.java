package llmload.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import llmload.config.ConfigException;
import llmload.grading.TargetFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
  }

  private static Path project(Path root) throws IOException {
    Files.createDirectories(root.resolve("user-files/targets"));
    return root;
  }

  @Test
  void list_ofTheShippedFiles_hasALineForEach() {
    assertThat(run("targets", "list")).isZero();

    assertThat(out.toString().lines().findFirst())
        .hasValueSatisfying(
            head ->
                assertThat(head).containsSubsequence("name", "targets", "required", "what for"));
    // 2 targets, none required; 5 targets, all required.
    assertThat(out.toString())
        .containsPattern("(?m)^rtx_4090 +6 +0  mini-biai-1's targets for an RTX 4090\\.$")
        .containsPattern("(?m)^year1 +6 +5  sagellm-benchmark's contract of year 1\\.$");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void list_fileWithProblems_showsTheOthersFirst(@TempDir Path root) throws IOException {
    Path folder = project(root).resolve("user-files/targets");
    Files.writeString(folder.resolve("a.yaml"), "version: 1\n");
    Files.writeString(
        folder.resolve("b.yaml"),
        """
        version: 1
        targets:
          - {metric: stalls, statistic: mean, op: "<", value: 1, unit: count, source: us}
        """);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> TargetListCommand.list(TargetFolder.of(root), new PrintWriter(out)))
        .withMessageStartingWith(folder.resolve("a.yaml") + ": targets: Expecting a list");

    assertThat(out.toString().lines())
        .containsExactly("name  targets  required  what for", "b           1         0  us");
  }

  @Test
  void show_everyKindOfTarget_isASentenceWithItsSource(@TempDir Path root) throws IOException {
    Files.writeString(
        project(root).resolve("mine.yaml"),
        """
        version: 1
        description: Ours.
        targets:
          - {id: a, metric: ttft, statistic: p99, op: "<=", value: 2000, unit: ms, required: true, source: a paper}
          - {id: b, metric: error_rate, scope: chat, op: "<", value: 0.01, unit: ratio}
          - {id: c, metric: tpot, statistic: mean, op: between, value: [1.5, 20], unit: ms, kind: expect}
          - {id: d, metric: requests_per_second, op: ">=", value: 5, unit: req/s}
          - {id: e, metric: output_tokens_per_second, op: ">", value: 5, unit: tok/s}
        """);

    TargetShowCommand.show(TargetFolder.of(root).read("mine.yaml"), new PrintWriter(out));

    assertThat(out.toString().lines())
        .containsExactly(
            "mine: Ours.",
            "targets: 5, required: 1, graded: 4",
            "",
            "a",
            "  p99 of ttft over all generation requests must be at most 2,000 ms.",
            "  Source: a paper",
            "",
            "b",
            "  error_rate over the requests named chat should be below 0.01.",
            "  Source: not stated.",
            "",
            "c",
            "  mean of tpot over all generation requests is expected to be, ungraded, from 1.5 to"
                + " 20 ms.",
            "  Source: not stated.",
            "",
            "d",
            "  requests_per_second over all generation requests should be at least 5 req/s.",
            "  Source: not stated.",
            "",
            "e",
            "  output_tokens_per_second over all generation requests should be above 5 tok/s.",
            "  Source: not stated.");
  }

  @Test
  void show_shippedName_isFound() {
    assertThat(run("targets", "show", "rtx_4090")).isZero();

    assertThat(out.toString())
        .contains("  p50 of ttft over all generation requests should be below 5 ms.")
        .contains("  Source: mini-biai-1 benchmark suite");
  }

  @Test
  void show_unknownName_isBadInputAndNamesTheNearest() {
    assertThat(run("targets", "show", "rtx_4080")).isEqualTo(5);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "llmload: user-files/targets: Expecting the name of a file there, or a path."
                + " Found: rtx_4080. Did you mean rtx_3080?");
  }

  @Test
  void targets_withoutOrWithAnUnknownSubcommand_isBadInput() {
    assertThat(run("targets")).isEqualTo(5);
    assertThat(run("targets", "lsit")).isEqualTo(5);
    assertThat(run("targets", "show")).isEqualTo(5);

    assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("llmload: "));
  }

  @Test
  void targets_help_namesBothSubcommands() {
    assertThat(run("targets", "--help")).isZero();

    assertThat(out.toString()).contains("list", "show");
  }
}
