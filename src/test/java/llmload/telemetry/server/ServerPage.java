package llmload.telemetry.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
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

  ServerPage(Exposition exposition) {
    for (Series series : exposition.series()) {
      if (Double.isFinite(series.value())) {
        byName.computeIfAbsent(series.name(), name -> new ArrayList<>()).add(series);
      }
    }
  }

  /** Whether any metric's name begins so. */
  boolean hasPrefix(String prefix) {
    return byName.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /** The first value of a label that any metric has, of those whose name begins so. */
  Optional<String> label(String prefix, String label) {
    return byName.values().stream()
        .flatMap(List::stream)
        .filter(series -> series.name().startsWith(prefix))
        .map(series -> series.label(label))
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .findFirst();
  }

  /** The series of the first of these names that is there. */
  List<Series> all(String... names) {
    for (String name : names) {
      for (String variant : new String[] {name, name + TOTAL}) {
        List<Series> found = byName.get(variant);
        if (found != null) {
          return found;
        }
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
    List<Series> found = all(names).stream().filter(filter).toList();
    return found.isEmpty() ? null : Double.valueOf(values(found).sum());
  }

  /** The largest; {@code null} if there is none. */
  @Nullable Double max(String... names) {
    List<Series> found = all(names);
    return found.isEmpty() ? null : Double.valueOf(values(found).max().orElse(Double.NaN));
  }

  /** The mean of ratios; {@code null} without one from 0 to 1: −1 is how some say "off". */
  @Nullable Double ratio(Predicate<Series> filter, String... names) {
    List<Series> found =
        all(names).stream()
            .filter(filter)
            .filter(series -> series.value() >= 0 && series.value() <= 1)
            .toList();
    return found.isEmpty() ? null : Double.valueOf(values(found).average().orElse(Double.NaN));
  }

  private static DoubleStream values(List<Series> series) {
    return series.stream().mapToDouble(Series::value);
  }
}
