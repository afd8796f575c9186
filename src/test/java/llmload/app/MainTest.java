package llmload.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void help_namesEveryCommand() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("report").contains("serve");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void help_ofACommand_namesItsOptions() {
    assertThat(run("report", "--help")).isZero();
    assertThat(out.toString()).contains("--format").contains("DIR");
  }

  @Test
  void nothing_showsUsage() {
    assertThat(run()).isEqualTo(5);
    assertThat(err.toString()).contains("Usage: llmload");
  }

  @Test
  void commandsAndOptions_unknown_areOneLine() {
    assertThat(run("reprot")).isEqualTo(5);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("llmload: ").contains("reprot");
    assertThat(run("serve", "--port", "many")).isEqualTo(5);
    assertThat(err.toString().lines()).hasSize(2);
    assertThat(run("report", "x", "--format", "pdf")).isEqualTo(5);
    assertThat(err.toString()).contains("pdf");
  }

  @Test
  void report_onAFolderWithoutARun_saysWhatIsMissing(@TempDir Path folder) {
    assertThat(run("report", folder.toString())).isEqualTo(5);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "llmload: " + folder + ": Expecting a run's folder. Found: no run.json in it.");
    assertThat(out.toString()).isEmpty();
  }
}
