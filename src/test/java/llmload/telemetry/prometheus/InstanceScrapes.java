package llmload.telemetry.prometheus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The scrapes of one instance that a Prometheus server kept, as far as they told what is known. */
public final class InstanceScrapes {
  private final String instance;
  private final SortedSet<String> kinds = new TreeSet<>();
  private final SortedSet<Long> stampsMillis = new TreeSet<>();
  private long endMillis;

  InstanceScrapes(String instance) {
    this.instance = instance;
  }

  /**
   * Takes a scrape.
   *
   * @param millis its stamp by the server's clock
   * @param kind what a reading in it tells of
   */
  void add(long millis, String kind) {
    stampsMillis.add(millis);
    kinds.add(kind);
    endMillis = Math.max(endMillis, millis);
  }

  /** Tells that scrapes until that moment of the server's clock would have been read. */
  void readUntil(long millis) {
    endMillis = Math.max(endMillis, millis);
  }

  /** Its label {@code instance}. */
  public String instance() {
    return instance;
  }

  /** What it tells of, in alphabetical order: {@code gpu}, {@code server}. */
  public List<String> kinds() {
    return List.copyOf(kinds);
  }

  /** How many there are. */
  public long keptCount() {
    return stampsMillis.size();
  }

  /** The usual distance between two of them, milliseconds: the lower median; 0 for fewer than 3. */
  public long usualMillis() {
    List<Long> gaps = gapsMillis();
    if (gaps.size() < 2) {
      return 0;
    }
    Collections.sort(gaps);
    return gaps.get((gaps.size() - 1) / 2);
  }

  /**
   * How many are missing by their usual distance: between the first and the last one, and after it
   * until the end of what was read. Each gap lacks the nearest whole number of distances, less one.
   * Before the first one nothing is missing, since the exporter may not have run.
   */
  public long missingCount() {
    long usual = usualMillis();
    if (usual == 0) {
      return 0;
    }
    List<Long> gaps = gapsMillis();
    gaps.add(endMillis - stampsMillis.last());
    return gaps.stream().mapToLong(gap -> Math.max(0, Math.round(gap / (double) usual) - 1)).sum();
  }

  private List<Long> gapsMillis() {
    List<Long> gaps = new ArrayList<>();
    Long before = null;
    for (Long stamp : stampsMillis) {
      if (before != null) {
        gaps.add(stamp - before);
      }
      before = stamp;
    }
    return gaps;
  }
}
