package llmload.report.console;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import llmload.model.SlowTime;
import llmload.report.Figures;
import llmload.report.ForeignText;

/**
 * When a run was slower than usual, and by what, as a line of a terminal; none if it never was.
 *
 * <p>What speaks for a cause stands once, and only as far as the line has room for it: the report
 * has all of it.
 */
final class SlowLines {
  static final int MOST_CHARACTERS = 160;
  private static final int MOST_STRETCHES = 3;

  private SlowLines() {}

  static List<String> of(SlowTime slow) {
    List<SlowTime.Stretch> all = slow.stretches();
    if (all.isEmpty()) {
      return List.of();
    }
    int shown = Math.min(MOST_STRETCHES, all.size());
    while (shown > 1 && line(slow, stretches(all, shown)).length() > MOST_CHARACTERS) {
      shown--;
    }
    List<String> texts = stretches(all, shown);
    Set<String> told = new HashSet<>();
    for (int i = 0; i < shown; i++) {
      String because = " (" + ForeignText.name(all.get(i).because()) + ")";
      String without = texts.get(i);
      if (told.add(all.get(i).cause() + because)) {
        texts.set(i, without + because);
        if (line(slow, texts).length() > MOST_CHARACTERS) {
          texts.set(i, without);
        }
      }
    }
    return List.of(line(slow, texts));
  }

  private static List<String> stretches(List<SlowTime.Stretch> all, int shown) {
    List<String> texts = new ArrayList<>();
    all.stream().limit(shown).map(SlowLines::text).forEach(texts::add);
    return texts;
  }

  private static String line(SlowTime slow, List<String> texts) {
    int left = slow.stretches().size() - texts.size();
    String seconds =
        Figures.of(slow.slowSeconds()) + " of " + Figures.of(slow.judgedSeconds()) + " s: ";
    String more = left > 0 ? "; and %s more".formatted(left) : "";
    return ConsoleReportWriter.line("slow", seconds + String.join("; ", texts) + more);
  }

  private static String text(SlowTime.Stretch stretch) {
    String from = Figures.of(stretch.startSeconds()) + " s";
    String when =
        stretch.intervalCount() == 1
            ? from
            : from + " to " + Figures.of(stretch.endSeconds()) + " s";
    String latencies = String.join(", ", stretch.latencies());
    return when + " " + latencies + " " + ForeignText.name(stretch.cause());
  }
}
