package llmload.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.grading.TargetFolder;
import llmload.grading.TargetPreset;
import llmload.model.ExitCode;
import llmload.model.Target;
import llmload.report.Figures;
import llmload.report.ForeignText;
import llmload.run.ProjectFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code targets list}: one line a target file. A file that cannot be read does not hide the
 * others; its problems are told after them.
 */
@Command(
    name = "list",
    description = "Lists the target files: how many targets, how many required, what for.",
    mixinStandardHelpOptions = true)
final class TargetListCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli fills this in");
    }
    PrintWriter out = spec.commandLine().getOut();
    list(TargetFolder.of(ProjectFolder.find()), out);
    return ExitCode.PASS;
  }

  /** Prints the table of {@code folder}; throws the problems of all files that have any. */
  static void list(TargetFolder folder, PrintWriter out) {
    List<String> problems = new ArrayList<>();
    List<TargetPreset> presets = new ArrayList<>();
    int width = "name".length();
    for (String name : folder.names()) {
      try {
        presets.add(folder.read(name));
        width = Math.max(width, name.length());
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    String row = "%-" + width + "s  %7s  %8s  %s";
    out.println(String.format(Locale.ROOT, row, "name", "targets", "required", "what for"));
    for (TargetPreset preset : presets) {
      out.println(
          String.format(
              Locale.ROOT,
              row,
              fileName(preset),
              preset.targets().size(),
              preset.requiredCount(),
              purpose(preset)));
    }
    out.flush();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** What {@code llm.targets} finds the file by, whatever name the file states. */
  private static String fileName(TargetPreset preset) {
    return ForeignText.name(preset.file().getFileName().toString().replaceFirst("\\.yaml$", ""));
  }

  private static String purpose(TargetPreset preset) {
    String description = preset.description();
    if (description != null) {
      return ForeignText.message(description);
    }
    return preset.targets().stream()
        .map(Target::source)
        .filter(Objects::nonNull)
        .findFirst()
        .map(ForeignText::message)
        .orElse(Figures.ABSENT);
  }
}
