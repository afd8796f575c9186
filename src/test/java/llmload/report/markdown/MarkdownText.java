package llmload.report.markdown;

import llmload.report.ForeignText;
import org.jspecify.annotations.Nullable;

/** Foreign text inside Markdown: shown as it is, never as markup, a mention or a table's edge. */
final class MarkdownText {
  private static final String MARKUP = "\\`*_{}[]()#+!|~";

  private MarkdownText() {}

  /** A name, fit for a table cell. */
  static String name(@Nullable String text) {
    return escape(ForeignText.name(text));
  }

  /** A message, fit for a table cell. */
  static String message(@Nullable String text) {
    return escape(ForeignText.line(text, 300));
  }

  private static String escape(String line) {
    StringBuilder escaped = new StringBuilder(line.length() + 16);
    line.chars().forEach(c -> escape((char) c, escaped));
    return escaped.toString();
  }

  private static void escape(char c, StringBuilder escaped) {
    switch (c) {
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '&' -> escaped.append("&amp;");
      case '|' -> escaped.append("&#124;");
      case '`' -> escaped.append("&#96;");
      // A mention or a link to an issue would notify people.
      case '@' -> escaped.append("&#64;");
      case '#' -> escaped.append("&#35;");
      case ':' -> escaped.append("&#58;");
      default -> escaped.append(MARKUP.indexOf(c) >= 0 ? "\\" : "").append(c);
    }
  }
}
