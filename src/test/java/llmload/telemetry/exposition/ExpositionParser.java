package llmload.telemetry.exposition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads Prometheus text (0.0.4) and OpenMetrics 1.0.
 *
 * <p>Tolerant: a line that is no sample is counted and skipped, a text cut short loses its last
 * line only, types that are unknown or wrong change nothing. Which of the two formats a text has is
 * seen from its last line, {@code # EOF}; it decides the unit of time stamps, milliseconds or
 * seconds. Exemplars are left out.
 */
public final class ExpositionParser {
  private static final String TYPE = "TYPE";
  private static final String BUCKET = "_bucket";
  private static final Pattern BLANKS = Pattern.compile("[ \t]+");

  private ExpositionParser() {}

  /** The exposition that {@code text} tells; never fails. */
  public static Exposition parse(String text) {
    return parse(text, false);
  }

  /**
   * The same without the buckets of histograms, which are most of a server's page and cost most of
   * the time of reading it.
   */
  public static Exposition parseWithoutBuckets(String text) {
    return parse(text, true);
  }

  private static Exposition parse(String text, boolean skipsBuckets) {
    boolean openMetrics = text.stripTrailing().endsWith("# EOF");
    Map<List<Object>, Series> series = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    int bad = 0;
    int duplicates = 0;
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      String line = text.substring(start, end).strip();
      start = end + 1;
      if (line.startsWith("#")) {
        readType(line, types);
      } else if (!line.isEmpty() && !(skipsBuckets && isBucket(line))) {
        try {
          Series read = new SampleLine(line, openMetrics).read();
          duplicates += series.put(read.identity(), read) == null ? 0 : 1;
        } catch (SampleLine.BrokenException e) {
          bad++;
        }
      }
    }
    List<Series> all = new ArrayList<>(series.values());
    return new Exposition(all, types, bad, duplicates);
  }

  private static boolean isBucket(String line) {
    int end = line.indexOf('{');
    return end >= 0 && line.startsWith(BUCKET, end - BUCKET.length());
  }

  private static void readType(String line, Map<String, String> types) {
    if (!line.contains(TYPE)) {
      return;
    }
    String[] words = BLANKS.split(line.substring(1).strip(), -1);
    if (words.length == 3 && words[0].equals(TYPE)) {
      types.put(words[1], words[2]);
    }
  }
}
