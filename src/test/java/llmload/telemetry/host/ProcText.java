package llmload.telemetry.host;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** Text of Linux' process file system: lines of words apart by blanks. */
final class ProcText {
  private ProcText() {}

  /** The words of a line. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(line, " \t");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  /** The number of kibibytes in the line of {@code name}, as bytes; -1 if there is none. */
  static long bytesOf(String text, String name) {
    int start = text.startsWith(name + ":") ? 0 : text.indexOf("\n" + name + ":") + 1;
    if (start == 0 && !text.startsWith(name + ":")) {
      return -1;
    }
    List<String> words = words(line(text, start));
    return words.size() < 2 ? -1 : Long.parseLong(words.get(1)) * 1024;
  }

  private static String line(String text, int start) {
    int end = text.indexOf('\n', start);
    return end < 0 ? text.substring(start) : text.substring(start, end);
  }
}
