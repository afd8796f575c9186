package llmload.report;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text that came from a server or a user, made fit to be shown: one line, no terminal codes, no
 * control characters, nothing that turns the direction of writing, of bounded length. Escaping for
 * a format comes after.
 */
public final class ForeignText {
  /** The most characters of a name. */
  public static final int NAME_CHARACTERS = 120;

  /** The most characters of a message. */
  public static final int MESSAGE_CHARACTERS = 600;

  /** CSI and OSC sequences and two-character escapes of ECMA-48, with ESC or their C1 forms. */
  private static final Pattern TERMINAL_CODES =
      Pattern.compile(
          "(?:\\u001B\\[|\\u009B)[0-?]*[ -/]*[@-~]?"
              + "|(?:\\u001B\\]|\\u009D)[^\\u0007\\u001B\\u009C]*(?:\\u0007|\\u001B\\\\|\\u009C)?"
              + "|\\u001B.?");

  private ForeignText() {}

  /** A name of at most {@link #NAME_CHARACTERS}. */
  public static String name(@Nullable String text) {
    return line(text, NAME_CHARACTERS);
  }

  /** A message of at most {@link #MESSAGE_CHARACTERS}. */
  public static String message(@Nullable String text) {
    return line(text, MESSAGE_CHARACTERS);
  }

  /** One line of at most {@code limit} characters and a mark of what was cut; empty for null. */
  public static String line(@Nullable String text, int limit) {
    if (text == null) {
      return "";
    }
    // Cleaning a bounded head keeps the cost of a megabyte-long name flat.
    String head = text.length() > 4 * limit ? text.substring(0, 4 * limit) : text;
    StringBuilder line = new StringBuilder();
    String plain = TERMINAL_CODES.matcher(head).replaceAll("");
    plain.codePoints().map(ForeignText::shown).filter(c -> c >= 0).forEach(line::appendCodePoint);
    String clean = line.toString().strip();
    if (clean.length() <= limit && head.length() == text.length()) {
      return clean;
    }
    int end = Math.min(limit, clean.length());
    if (end > 0 && end < clean.length() && Character.isHighSurrogate(clean.charAt(end - 1))) {
      end--;
    }
    return clean.substring(0, end) + "... (" + text.length() + " characters)";
  }

  /** The same with {@code ?} for every character that a plain terminal may not show. */
  public static String ascii(String clean) {
    StringBuilder ascii = new StringBuilder(clean.length());
    clean.codePoints().forEach(c -> ascii.append(c >= 0x20 && c < 0x7F ? (char) c : '?'));
    return ascii.toString();
  }

  /** What to show for {@code c}: itself, a blank for white space, -1 for nothing at all. */
  private static int shown(int c) {
    return switch (Character.getType(c)) {
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
      case Character.CONTROL -> Character.isWhitespace(c) ? ' ' : -1;
      case Character.SURROGATE, Character.UNASSIGNED -> 0xFFFD;
      case Character.FORMAT -> -1;
      default -> c;
    };
  }
}
