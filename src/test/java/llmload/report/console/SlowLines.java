package llmload.report.console;

import java.util.List;
import java.util.stream.Collectors;
import llmload.model.SlowTime;
import llmload.report.Figures;
import llmload.report.ForeignText;

/** When a run was slower than usual, and by what, as a line of a terminal; none if it never was. */
final class SlowLines {
  private static final int MOST_STRETCHES = 3;

  private SlowLines() {}

  static List<String> of(SlowTime slow) {
    List<SlowTime.Stretch> all = slow.stretches();
    if (all.isEmpty()) {
      return List.of();
    }
    String worst =
        all.stream().limit(MOST_STRETCHES).map(SlowLines::text).collect(Collectors.joining("; "));
    String more =
        all.size() > MOST_STRETCHES ? "; and %s more".formatted(all.size() - MOST_STRETCHES) : "";
    String seconds =
        Figures.of(slow.slowSeconds()) + " of " + Figures.of(slow.judgedSeconds()) + " s: ";
    return List.of(ConsoleReportWriter.line("slow", seconds + worst + more));
  }

  private static String text(SlowTime.Stretch stretch) {
    String from = Figures.of(stretch.startSeconds()) + " s";
    String when =
        stretch.intervalCount() == 1
            ? from
            : from + " to " + Figures.of(stretch.endSeconds()) + " s";
    return when
        + " "
        + String.join(", ", stretch.latencies())
        + " "
        + ForeignText.name(stretch.cause())
        + " ("
        + ForeignText.name(stretch.because())
        + ")";
  }
}
