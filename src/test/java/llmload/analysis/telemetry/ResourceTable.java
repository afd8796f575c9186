package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import llmload.metrics.timeline.Growth;
import llmload.metrics.timeline.Level;
import llmload.metrics.timeline.Timeline;
import llmload.metrics.timeline.Track;
import llmload.metrics.timeline.Tracks;
import llmload.model.ResultTable;
import llmload.model.TelemetryId;
import org.jspecify.annotations.Nullable;

/** Every number of every thing that was watched, over the measured window. */
final class ResourceTable {
  /** A machine of many cores and disks must not fill the report. */
  private static final int MOST_ROWS = 500;

  private static final Set<String> SHOWN = Set.of("server", "gpu", "process", "host");

  /** Labels that say which one of several it is. */
  private static final List<String> TELLING =
      List.of(
          "engine",
          "url",
          "pid",
          "gpu",
          "uuid",
          "mig",
          "partition",
          "core",
          "interface",
          "disk",
          "zone");

  private ResourceTable() {}

  static ResultTable of(Tracks tracks, Watch watch) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String source : List.of("gpu", "server", "process", "host")) {
      for (Track track : SHOWN.contains(source) ? tracks.of(source) : List.<Track>of()) {
        track
            .all()
            .forEach(
                (id, timeline) -> {
                  if (rows.size() < MOST_ROWS) {
                    rows.add(row(source, track, id, timeline, watch));
                  }
                });
      }
    }
    return new ResultTable(
        "resources",
        "Everything that was read, over the measured window",
        ResultTable.columns(
            "source",
            "",
            "of",
            "",
            "name",
            "",
            "growth",
            "",
            "edge_error",
            "",
            "mean",
            "",
            "min",
            "",
            "max",
            "",
            "samples",
            "",
            "coverage",
            "ratio"),
        rows);
  }

  private static List<@Nullable Object> row(
      String source, Track track, TelemetryId id, Timeline timeline, Watch watch) {
    boolean counter = id.kind() == TelemetryId.Kind.COUNTER;
    Growth growth = counter ? watch.coverage().knownGrowth(timeline, watch.window()) : null;
    Level level = counter ? null : watch.coverage().known(timeline, watch.window());
    List<@Nullable Object> row = new ArrayList<>();
    row.add(source);
    row.add(who(track));
    row.add(id.id());
    row.add(growth == null ? null : Double.valueOf(growth.value()));
    row.add(growth == null ? null : Double.valueOf(growth.edgeError()));
    row.add(level == null ? null : Double.valueOf(level.mean()));
    row.add(level == null ? null : Double.valueOf(level.min()));
    row.add(level == null ? null : Double.valueOf(level.max()));
    row.add(timeline.size());
    double covered = growth == null ? 0 : growth.coveredRatio();
    row.add(level == null ? Double.valueOf(covered) : Double.valueOf(level.coveredRatio()));
    return row;
  }

  /** What tells it apart, in words. */
  static String who(Track track) {
    Map<String, String> labels = new TreeMap<>(track.labels());
    List<String> words = new ArrayList<>();
    for (String name : TELLING) {
      String value = labels.get(name);
      if (value != null) {
        words.add(name.equals("url") || name.equals("engine") ? value : name + " " + value);
      }
    }
    return String.join(", ", words);
  }
}
