package llmload.telemetry.exposition;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One line of an exposition that should be a sample, read from left to right. */
final class SampleLine {
  private static final double MILLIS = 1e3;

  /** What Go's ParseFloat takes, and Java's, which would also take {@code 1d}. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
              + "|0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)");

  /** The line is no sample. */
  static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenException() {
      super("no sample", null, false, false);
    }
  }

  private final String line;
  private final boolean openMetrics;
  private int at;
  private int valueAt;

  SampleLine(String line, boolean openMetrics) {
    this.line = line;
    this.openMetrics = openMetrics;
  }

  /** The sample of this line. */
  Series read() throws BrokenException {
    Map<String, String> labels = new LinkedHashMap<>();
    String name = peek() == '{' ? null : bareName();
    blanks();
    if (peek() == '{') {
      name = braces(name, labels);
    }
    if (name == null) {
      throw new BrokenException();
    }
    blanks();
    valueAt = at;
    double value = number(word());
    blanks();
    Double timestamp = null;
    if (at < line.length() && peek() != '#') {
      timestamp = number(word());
      blanks();
    }
    // All that may follow is an exemplar.
    if (at < line.length() && !(openMetrics && peek() == '#')) {
      throw new BrokenException();
    }
    return new Series(name, labels, value, seconds(timestamp));
  }

  /** Where the value began in a line that was read. */
  int valueAt() {
    return valueAt;
  }

  private @Nullable Double seconds(@Nullable Double timestamp) {
    return timestamp == null || openMetrics ? timestamp : Double.valueOf(timestamp / MILLIS);
  }

  /** Labels in braces, among them a quoted name of the metric itself. */
  private @Nullable String braces(@Nullable String outer, Map<String, String> labels)
      throws BrokenException {
    String name = outer;
    at++;
    blanks();
    while (peek() != '}') {
      boolean quoted = peek() == '"';
      String label = quoted ? quoted() : bareName();
      blanks();
      if (peek() == '=') {
        at++;
        blanks();
        labels.put(label, quoted());
        blanks();
      } else if (quoted && name == null) {
        name = label;
      } else {
        throw new BrokenException();
      }
      if (peek() == ',') {
        at++;
        blanks();
      } else if (peek() != '}') {
        throw new BrokenException();
      }
    }
    at++;
    return name;
  }

  private String bareName() throws BrokenException {
    int start = at;
    while (at < line.length() && isNameCharacter(line.charAt(at), at == start)) {
      at++;
    }
    if (at == start) {
      throw new BrokenException();
    }
    return line.substring(start, at);
  }

  private static boolean isNameCharacter(char c, boolean first) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    return letter || (!first && c >= '0' && c <= '9');
  }

  private String quoted() throws BrokenException {
    if (peek() != '"') {
      throw new BrokenException();
    }
    StringBuilder text = new StringBuilder();
    for (at++; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        at++;
        return text.toString();
      }
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        char escaped = line.charAt(at);
        switch (escaped) {
          case 'n' -> text.append('\n');
          case '"', '\\' -> text.append(escaped);
          default -> text.append('\\').append(escaped);
        }
      } else {
        text.append(c);
      }
    }
    throw new BrokenException();
  }

  private String word() {
    int start = at;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      at++;
    }
    return line.substring(start, at);
  }

  /** The number that {@code word} is. */
  static double number(String word) throws BrokenException {
    String bare = word.startsWith("+") || word.startsWith("-") ? word.substring(1) : word;
    switch (bare.toLowerCase(Locale.ROOT)) {
      case "nan" -> {
        return Double.NaN;
      }
      case "inf", "infinity" -> {
        return word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      default -> {
        if (!NUMBER.matcher(word).matches()) {
          throw new BrokenException();
        }
        return Double.parseDouble(word);
      }
    }
  }

  private void blanks() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  /** The next character; 0 at the end of the line. */
  private char peek() {
    return at < line.length() ? line.charAt(at) : 0;
  }
}
