package llmload.telemetry.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/**
 * A server's exposition by name. A name is found with and without the {@code _total} of counters,
 * since servers disagree on it; values that are not finite count as absent.
 */
final class ServerPage {
  private static final String TOTAL = "_total";

  private final Map<String, List<Series>> byName = new LinkedHashMap<>();
  private final Map<String, List<Series>> byShortName = new HashMap<>();

  ServerPage(Exposition exposition) {
    String name = "";
    List<Series> same = new ArrayList<>();
    for (Series series : exposition.series()) {
      if (Double.isFinite(series.value())) {
        // A family's series follow each other.
        if (!series.name().equals(name)) {
          name = series.name();
          same = byName.computeIfAbsent(name, unused -> new ArrayList<>());
          if (name.endsWith(TOTAL)) {
            byShortName.put(name.substring(0, name.length() - TOTAL.length()), same);
          }
        }
        same.add(series);
      }
    }
  }

  /** Whether any metric's name begins so. */
  boolean hasPrefix(String prefix) {
    for (String name : byName.keySet()) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The first value of a label that any metric has, of those whose name begins so. */
  Optional<String> label(String prefix, String label) {
    for (Map.Entry<String, List<Series>> entry : byName.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        for (Series series : entry.getValue()) {
          String value = series.label(label);
          if (value != null) {
            return Optional.of(value);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The series of the first of these names that is there. */
  List<Series> all(String... names) {
    for (String name : names) {
      List<Series> found = byName.get(name);
      found = found == null ? byShortName.get(name) : found;
      if (found != null) {
        return found;
      }
    }
    return List.of();
  }

  /** Their sum; {@code null} if there is none. */
  @Nullable Double sum(String... names) {
    return sum(series -> true, names);
  }

  /** The sum of those that pass; {@code null} if there is none. */
  @Nullable Double sum(Predicate<Series> filter, String... names) {
    Double sum = null;
    for (Series series : all(names)) {
      if (filter.test(series)) {
        sum = sum == null ? series.value() : sum + series.value();
      }
    }
    return sum;
  }

  /** The largest; {@code null} if there is none. */
  @Nullable Double max(String... names) {
    Double max = null;
    for (Series series : all(names)) {
      max = max == null ? series.value() : Math.max(max, series.value());
    }
    return max;
  }

  /** The mean of ratios; {@code null} without one from 0 to 1: −1 is how some say "off". */
  @Nullable Double ratio(Predicate<Series> filter, String... names) {
    double sum = 0;
    int count = 0;
    for (Series series : all(names)) {
      if (filter.test(series) && series.value() >= 0 && series.value() <= 1) {
        sum += series.value();
        count++;
      }
    }
    return count == 0 ? null : Double.valueOf(sum / count);
  }
}
