package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import llmload.metrics.timeline.Coverage;
import llmload.model.ResultTable;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** What became of the looks at each source, by the sampler's own word. */
final class SourceAccounts {
  /** The source of these samples. */
  static final String SOURCE = "telemetry";

  private static final String NOT_THERE = "NOT_AVAILABLE";
  private static final String LATE = "STILL_READING";

  private final Map<String, Account> byName = new TreeMap<>();

  /** The instances that a Prometheus server knows, by what they tell of. */
  private final Map<String, SortedSet<String>> instances = new TreeMap<>();

  /** Looks at one source. */
  private static final class Account {
    private double taken;
    private final Map<String, Double> missed = new TreeMap<>();
    private final Map<String, String> messages = new TreeMap<>();

    double missedSum() {
      return missed.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /**
     * The reason that cost most looks, with its message; {@code null} if none was missed. What made
     * a look slow goes before the looks that it was too slow for.
     */
    @Nullable String worst() {
      return missed.entrySet().stream()
          .max(
              Comparator.<Map.Entry<String, Double>, Boolean>comparing(
                      entry -> !entry.getKey().equals(LATE))
                  .thenComparing(Map.Entry.comparingByValue()))
          .map(
              most -> {
                String message = messages.getOrDefault(most.getKey(), "");
                return message.isEmpty() ? most.getKey() : most.getKey() + ": " + message;
              })
          .orElse(null);
    }

    boolean isNotThere() {
      return taken == 0 && missed.containsKey(NOT_THERE);
    }
  }

  /** Takes a sample of the sampler; later ones replace earlier ones. */
  void add(TelemetrySample sample) {
    Double taken = sample.values().get(TelemetryId.TAKEN_COUNT.id());
    Double missed = sample.values().get(TelemetryId.MISSED_COUNT.id());
    if (taken == null && missed == null) {
      return;
    }
    Account account =
        byName.computeIfAbsent(sample.labels().getOrDefault("of", ""), name -> new Account());
    if (taken != null) {
      account.taken = taken;
    }
    String instance = sample.labels().get("instance");
    if (instance != null) {
      for (String kind : sample.labels().getOrDefault("kinds", "").split(" ", -1)) {
        instances.computeIfAbsent(kind, unused -> new TreeSet<>()).add(instance);
      }
    }
    if (missed != null) {
      String reason = sample.labels().getOrDefault("reason", "INTERNAL");
      account.missed.put(reason, missed);
      account.messages.put(reason, sample.labels().getOrDefault("message", ""));
    }
  }

  /**
   * Why nothing was read of a kind of source.
   *
   * @param kind how the names of its sources begin, {@code gpu}
   * @return {@code null} if none of that kind was looked at, or all of them are not there
   */
  @Nullable String silence(String kind) {
    for (Map.Entry<String, Account> entry : byName.entrySet()) {
      Account account = entry.getValue();
      if (isOf(entry.getKey(), kind) && account.taken == 0 && !account.isNotThere()) {
        return entry.getKey() + ": " + account.worst();
      }
    }
    return null;
  }

  /**
   * What went wrong with the looks at sources of a kind that gave samples all the same.
   *
   * @param kind how the names of its sources begin, {@code gpu}
   * @param url the source that is meant; {@code null} if that is not known
   * @return {@code null} if few looks failed
   */
  @Nullable String trouble(String kind, @Nullable String url) {
    List<String> troubles = new ArrayList<>();
    byName.forEach(
        (name, account) -> {
          double all = account.taken + account.missedSum();
          boolean meant = isOf(name, kind) && (url == null || name.endsWith(url));
          if (meant
              && !account.isNotThere()
              && account.missedSum() > 0
              && account.taken / all < Coverage.LEAST_RATIO) {
            troubles.add(
                "%s: %.0f of %.0f looks failed, most of them %s"
                    .formatted(name, account.missedSum(), all, account.worst()));
          }
        });
    return troubles.isEmpty() ? null : String.join("; ", troubles);
  }

  private static boolean isOf(String name, String kind) {
    return name.equals(kind) || name.startsWith(kind + " ");
  }

  /**
   * The sources that were named by a URL and that failed more looks than may fail. A look that took
   * long and made the next one late is no failure.
   *
   * @param discovers whether the server's metrics were sought unasked, so that none is no surprise
   */
  List<String> warnings(double leastCoverageRatio, boolean discovers) {
    List<String> warnings = new ArrayList<>();
    byName.forEach(
        (name, account) -> {
          double failed = account.missedSum() - account.missed.getOrDefault(LATE, 0.0);
          double all = account.taken + failed;
          boolean sought = discovers && account.taken == 0 && isOf(name, Watch.SERVER);
          boolean named = name.contains("://") && !sought;
          if (named
              && !account.isNotThere()
              && all > 0
              && account.taken / all < leastCoverageRatio) {
            warnings.add(
                "Telemetry of %s: %.0f of %.0f looks gave a sample (%s)."
                    .formatted(name, account.taken, all, account.worst()));
          }
        });
    return warnings;
  }

  /** Instances of one kind that a Prometheus server told of, though nobody said which are meant. */
  List<String> unsorted() {
    List<String> warnings = new ArrayList<>();
    instances.forEach(
        (kind, all) -> {
          if (all.size() > 1) {
            warnings.add(
                "Prometheus told of %d instances of the kind %s, all of which count: %s. Say in"
                        .formatted(all.size(), kind, String.join(", ", all))
                    + " telemetry.prometheus.match which are of this run, as instance=\"%s\"."
                        .formatted(all.first()));
          }
        });
    return warnings;
  }

  ResultTable table() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    byName.forEach(
        (name, account) -> {
          double all = account.taken + account.missedSum();
          List<@Nullable Object> row = new ArrayList<>();
          row.add(name);
          row.add(Math.round(account.taken));
          row.add(Math.round(account.missedSum()));
          row.add(all == 0 || account.isNotThere() ? null : Double.valueOf(account.taken / all));
          row.add(account.worst());
          rows.add(row);
        });
    return new ResultTable(
        "sources",
        "What was watched",
        ResultTable.columns(
            "source",
            "",
            "taken",
            "looks",
            "missed",
            "looks",
            "coverage",
            "ratio",
            "missed_most",
            ""),
        rows);
  }
}
