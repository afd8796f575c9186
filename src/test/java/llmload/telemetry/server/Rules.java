package llmload.telemetry.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/** How the values of one kind of server follow from its page. Immutable once it is in use. */
final class Rules {

  /** One value. */
  interface Rule extends Function<ServerPage, @Nullable Double> {}

  private record Entry(TelemetryId id, Rule rule) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Predicate<Series> counted;

  private Rules(Predicate<Series> counted) {
    this.counted = counted;
  }

  /** Rules over all series. */
  static Rules all() {
    return new Rules(series -> true);
  }

  /** Rules over the series that pass, where ranks repeat the same value. */
  static Rules over(Predicate<Series> counted) {
    return new Rules(counted);
  }

  /** The sum over engines and ranks of the first of these names that is there. */
  Rules sum(TelemetryId id, String... names) {
    return rule(id, page -> page.sum(counted, names));
  }

  /** The mean over engines of a share. */
  Rules ratio(TelemetryId id, String... names) {
    return rule(id, page -> page.ratio(counted, names));
  }

  /** Count and sum of a histogram in seconds. */
  Rules timed(TelemetryId count, TelemetryId seconds, String... names) {
    String[] counts = with(names, "_count");
    String[] sums = with(names, "_sum");
    return rule(count, page -> page.sum(counted, counts))
        .rule(seconds, page -> page.sum(counted, sums));
  }

  /** Whatever follows from the page. */
  Rules rule(TelemetryId id, Rule rule) {
    entries.add(new Entry(id, rule));
    return this;
  }

  /** Puts all values that the page has. */
  void apply(ServerPage page, Reading reading) {
    for (Entry entry : entries) {
      Double value = entry.rule().apply(page);
      if (value != null && value >= 0) {
        reading.put(entry.id(), value);
      }
    }
  }

  /** The product; {@code null} if a factor is. */
  static @Nullable Double times(@Nullable Double a, @Nullable Double b) {
    return a == null || b == null ? null : Double.valueOf(a * b);
  }

  /** The sum; {@code null} if a term is. */
  static @Nullable Double plus(@Nullable Double a, @Nullable Double b) {
    return a == null || b == null ? null : Double.valueOf(a + b);
  }

  private static String[] with(String[] names, String suffix) {
    String[] suffixed = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      suffixed[i] = names[i] + suffix;
    }
    return suffixed;
  }
}
