package llmload.telemetry.exposition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads Prometheus text (0.0.4) and OpenMetrics 1.0, one exporter's pages one after the other. One
 * thread at a time.
 *
 * <p>Tolerant: a line that is no sample is counted and skipped, a text cut short loses its last
 * line only, types that are unknown or wrong change nothing. Which of the two formats a text has is
 * seen from its last line, {@code # EOF}; it decides the unit of time stamps, milliseconds or
 * seconds. Exemplars are left out.
 *
 * <p>From one look to the next an exporter changes hardly anything but numbers: a line that begins
 * as the line at its place did before is the same series, and only its number is read.
 */
public final class ExpositionParser {
  private static final String END = "# EOF";
  private static final String BUCKET = "_bucket";

  /** A line as it was, up to its number. */
  private static final class Line {
    private final byte[] begin;
    private final boolean whole;
    private @Nullable Series series;
    private int slot;

    /**
     * A line that begins so.
     *
     * @param whole whether nothing may follow
     * @param series what it told; {@code null} if it is one to skip
     */
    Line(byte[] begin, boolean whole, @Nullable Series series) {
      this.begin = begin;
      this.whole = whole;
      this.series = series;
    }

    boolean begins(byte[] text, int at) {
      int end = at + begin.length;
      return end <= text.length
          && Arrays.equals(text, at, end, begin, 0, begin.length)
          && (!whole || end == text.length || text[end] == '\n');
    }
  }

  private final boolean skipsBuckets;
  private final PlainNumber number = new PlainNumber();
  private List<@Nullable Line> lines = new ArrayList<>();
  private byte[] text = new byte[0];
  private boolean openMetrics;
  private boolean changed;
  private int slots;
  private int duplicates;
  private int bad;

  private ExpositionParser(boolean skipsBuckets) {
    this.skipsBuckets = skipsBuckets;
  }

  /**
   * A parser that leaves the buckets of histograms out, which are most of a server's page and are
   * asked for by nobody.
   */
  public static ExpositionParser withoutBuckets() {
    return new ExpositionParser(true);
  }

  /** The exposition that {@code text} tells, buckets included; never fails. */
  public static Exposition parse(String text) {
    return new ExpositionParser(false).read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The exposition that a page in UTF-8 tells; never fails. */
  public Exposition read(byte[] page) {
    text = page;
    openMetrics = endsOpenMetrics();
    changed = false;
    bad = 0;
    int at = 0;
    int count = 0;
    while (at < text.length) {
      if (count == lines.size()) {
        lines.add(null);
        changed = true;
      }
      Line known = lines.get(count);
      int next = known == null ? -1 : again(known, at);
      if (next < 0) {
        next = lineEnd(at);
        Line anew = anew(at, next);
        changed |= known != null || anew != null;
        lines.set(count, anew);
      }
      at = next + 1;
      count++;
    }
    if (count < lines.size()) {
      lines = new ArrayList<>(lines.subList(0, count));
      changed = true;
    }
    text = new byte[0];
    if (changed) {
      number();
    }
    return new Exposition(series(), bad, duplicates);
  }

  private boolean endsOpenMetrics() {
    int end = text.length;
    while (end > 0 && text[end - 1] >= 0 && text[end - 1] <= ' ') {
      end--;
    }
    int start = end - END.length();
    return start >= 0
        && new String(text, start, END.length(), StandardCharsets.ISO_8859_1).equals(END);
  }

  private int lineEnd(int from) {
    int end = from;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return end;
  }

  /** The end of a line that is the same but for its number; −1 if it is another one. */
  private int again(Line known, int at) {
    if (!known.begins(text, at)) {
      return -1;
    }
    int from = at + known.begin.length;
    Series before = known.series;
    if (before == null) {
      return lineEnd(from);
    }
    int end = number.read(text, from);
    double value;
    if (end >= 0) {
      value = number.value();
    } else {
      end = lineEnd(from);
      try {
        value = SampleLine.number(new String(text, from, end - from, StandardCharsets.UTF_8));
      } catch (SampleLine.BrokenException e) {
        // A stamp, an exemplar or nonsense.
        return -1;
      }
    }
    known.series = before.with(value);
    return end;
  }

  /** A line read whole; {@code null} if it must be read whole the next time as well. */
  private @Nullable Line anew(int from, int end) {
    String raw = new String(text, from, end - from, StandardCharsets.UTF_8);
    String line = raw.strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return new Line(Arrays.copyOfRange(text, from, end), true, null);
    }
    boolean skipped = skipsBuckets && isBucket(line);
    int valueAt = 0;
    Series series = null;
    try {
      SampleLine sample = new SampleLine(line, openMetrics);
      series = sample.read();
      valueAt = sample.valueAt();
    } catch (SampleLine.BrokenException e) {
      bad += skipped ? 0 : 1;
      return skipped ? new Line(Arrays.copyOfRange(text, from, end), true, null) : null;
    }
    // Elsewhere a longer name might begin the same.
    boolean ends = "} \t".indexOf(line.charAt(valueAt - 1)) >= 0;
    boolean partial = ends && raw.startsWith(line);
    byte[] begin = (partial ? raw.substring(0, valueAt) : raw).getBytes(StandardCharsets.UTF_8);
    return new Line(begin, !partial, skipped ? null : series);
  }

  private static boolean isBucket(String line) {
    int end = line.indexOf('{');
    return end >= 0 && line.startsWith(BUCKET, end - BUCKET.length());
  }

  /** Gives each series its place, those told twice the same one. */
  private void number() {
    Map<List<Object>, Integer> places = new HashMap<>();
    duplicates = 0;
    for (Line line : lines) {
      if (line != null && line.series != null) {
        Integer place = places.putIfAbsent(line.series.identity(), places.size());
        duplicates += place == null ? 0 : 1;
        line.slot = place == null ? places.size() - 1 : place;
      }
    }
    slots = places.size();
  }

  private List<Series> series() {
    Series[] all = new Series[slots];
    for (Line line : lines) {
      if (line != null && line.series != null) {
        all[line.slot] = line.series;
      }
    }
    return List.of(all);
  }
}
