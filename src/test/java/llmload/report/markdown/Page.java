package llmload.report.markdown;

import java.util.List;

/** A page that never grows beyond its size: lines that no longer fit are left out whole. */
final class Page {
  /** Room for the closing tags and the note of what is missing. */
  private static final int RESERVE = 200;

  private final int mostCharacters;
  private final StringBuilder text = new StringBuilder();
  private boolean cut;

  Page(int mostCharacters) {
    this.mostCharacters = mostCharacters;
  }

  void line(String line) {
    if (fits(line.length() + 1)) {
      text.append(line).append('\n');
    } else {
      cut = true;
    }
  }

  /** A table that opens on a click; {@code total} rows exist, of which some may be left out. */
  void fold(String summary, String head, List<String> rows, int total) {
    String opening = "<details><summary>" + summary + "</summary>\n\n" + head + "\n";
    if (!fits(opening.length())) {
      cut = true;
      return;
    }
    text.append(opening);
    int shown = 0;
    for (String row : rows) {
      if (!fits(row.length() + 1)) {
        break;
      }
      text.append(row).append('\n');
      shown++;
    }
    text.append('\n');
    if (shown < total) {
      text.append(total - shown).append(" more are in report.html.\n\n");
    }
    text.append("</details>\n");
  }

  String text() {
    return cut ? text + "\nThis report was cut; report.html has all of it.\n" : text.toString();
  }

  private boolean fits(int characters) {
    return text.length() + characters + RESERVE <= mostCharacters;
  }
}
