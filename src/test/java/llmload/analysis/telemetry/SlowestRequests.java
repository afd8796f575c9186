package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import org.jspecify.annotations.Nullable;

/**
 * The requests that took longest, and what held each of them up: those that are OK and those that
 * failed, apart.
 */
final class SlowestRequests {
  /** How many of each are told. */
  static final int KEPT = 10;

  private static final double NANOS_PER_SECOND = 1e9;

  private final PriorityQueue<RequestRecord> ok = queue();
  private final PriorityQueue<RequestRecord> failed = queue();

  private static PriorityQueue<RequestRecord> queue() {
    return new PriorityQueue<>(Comparator.comparingLong(RequestParts::wholeNanos));
  }

  /** Takes a measured request that should generate tokens; one that is still open is left out. */
  void add(RequestRecord request) {
    if (request.outcome().isOk()) {
      keep(ok, request);
    } else if (request.outcome().isFailed()) {
      keep(failed, request);
    }
  }

  private static void keep(PriorityQueue<RequestRecord> kept, RequestRecord request) {
    kept.add(request);
    if (kept.size() > KEPT) {
      kept.poll();
    }
  }

  /** Those that are OK. */
  ResultTable table(Watch watch, RunMeasurements run) {
    List<String> columns = new ArrayList<>(List.of("id", "", "request", "", "sent", "s"));
    columns.addAll(List.of("e2e", "ms"));
    columns.addAll(parts());
    Attribution attribution = new Attribution(watch, run);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (RequestRecord request : slowestFirst(ok)) {
      RequestParts parts = RequestParts.of(request);
      List<@Nullable Object> row = begun(request, watch);
      row.add(parts.wholeMillis());
      end(row, parts, attribution.of(request, parts));
      rows.add(row);
    }
    return new ResultTable(
        "slowest",
        "The slowest requests, and what held them up",
        ResultTable.columns(columns.toArray(String[]::new)),
        rows);
  }

  /** Those that failed later than the median OK request was done. */
  ResultTable failedTable(Watch watch, RunMeasurements run) {
    List<String> columns = new ArrayList<>(List.of("id", "", "request", "", "sent", "s"));
    columns.addAll(List.of("outcome", "", "lasted", "ms"));
    columns.addAll(parts());
    Attribution attribution = new Attribution(watch, run);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (RequestRecord request : slowestFirst(failed)) {
      RequestParts parts = RequestParts.of(request);
      if (attribution.isSlow(parts)) {
        List<@Nullable Object> row = begun(request, watch);
        row.add(request.outcome().name());
        row.add(parts.wholeMillis());
        end(row, parts, attribution.of(request, parts));
        rows.add(row);
      }
    }
    return new ResultTable(
        "slowest_failed",
        "The failed requests that lasted longest, and what held them up",
        ResultTable.columns(columns.toArray(String[]::new)),
        rows);
  }

  private static List<RequestRecord> slowestFirst(PriorityQueue<RequestRecord> kept) {
    List<RequestRecord> slowest = new ArrayList<>(kept);
    slowest.sort(
        Comparator.comparingLong(RequestParts::wholeNanos)
            .reversed()
            .thenComparingLong(RequestRecord::sentNanos));
    return slowest;
  }

  private static List<@Nullable Object> begun(RequestRecord request, Watch watch) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(request.id());
    row.add(request.request());
    row.add((request.sentNanos() - watch.window().fromNanos()) / NANOS_PER_SECOND);
    return row;
  }

  private static void end(List<@Nullable Object> row, RequestParts parts, Attribution.Cause cause) {
    row.add(cause.kind());
    row.add(cause.millis());
    row.add(parts.connectMillis());
    row.add(parts.waitMillis());
    row.add(parts.streamMillis());
    row.add(parts.stallMillis());
    row.add(cause.note());
  }

  private static List<String> parts() {
    return List.of(
        "cause",
        "",
        "explained",
        "ms",
        "connect",
        "ms",
        "first_token",
        "ms",
        "stream",
        "ms",
        "stalls",
        "ms",
        "because",
        "");
  }
}
