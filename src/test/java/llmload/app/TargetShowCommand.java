package llmload.app;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code targets show NAME}: each target of a file as a sentence, with its source. */
@Command(
    name = "show",
    description = "Shows each target of a file as a sentence, with its source.",
    mixinStandardHelpOptions = true)
final class TargetShowCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description =
          "A file of user-files/targets, for example rtx_4090, or a path; or several, as in"
              + " llm.targets.")
  private @Nullable String name;

  @Override
  public Integer call() {
    if (spec == null || name == null) {
      throw new IllegalStateException("picocli fills these in");
    }
    TargetFolder folder = TargetFolder.of(ProjectFolder.find());
    for (String one : name.split(",", -1)) {
      show(folder.read(one.strip()), spec.commandLine().getOut());
    }
    return ExitCode.PASS;
  }

  /** Prints what {@code preset} is for and its targets. */
  static void show(TargetPreset preset, PrintWriter out) {
    String description = preset.description();
    out.println(
        preset.name() + (description == null ? "" : ": " + ForeignText.message(description)));
    out.println(
        "targets: %d, required: %d, graded: %d"
            .formatted(preset.targets().size(), preset.requiredCount(), preset.gradedCount()));
    for (Target target : preset.targets()) {
      out.println();
      out.println(ForeignText.name(target.id()));
      out.println("  " + sentence(target));
      String source = target.source();
      out.println("  Source: " + (source == null ? "not stated." : ForeignText.message(source)));
    }
    out.flush();
  }

  /** A target in words, for example {@code p99 of ttft over all requests must be ≤ 2,000 ms.} */
  static String sentence(Target target) {
    String number = target.statistic().name();
    String metric = ForeignText.name(target.metric());
    String subject = number.equals("value") ? metric : number + " of " + metric;
    String scope =
        target.scope().equals("all")
            ? "all generation requests"
            : "the requests named " + ForeignText.name(target.scope());
    String verb =
        target.required()
            ? "must be"
            : target.graded() ? "should be" : "is expected to be, ungraded,";
    return subject + " over " + scope + " " + verb + " " + limit(target) + ".";
  }

  private static String limit(Target target) {
    Double upper = target.upper();
    String value = Figures.exact(target.value());
    String words =
        switch (target.op()) {
          case LESS -> "below " + value;
          case AT_MOST -> "at most " + value;
          case GREATER -> "above " + value;
          case AT_LEAST -> "at least " + value;
          case BETWEEN -> "from " + value + " to " + (upper == null ? value : Figures.exact(upper));
        };
    return target.unit().equals("ratio") ? words : words + " " + target.unit();
  }
}
