package llmload.analysis.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import org.jspecify.annotations.Nullable;

/** The OK requests that took longest, and what held each of them up. */
final class SlowestRequests {
  /** How many are told. */
  static final int KEPT = 10;

  private static final double NANOS_PER_SECOND = 1e9;

  private final PriorityQueue<RequestRecord> kept =
      new PriorityQueue<>(Comparator.comparingLong(RequestParts::wholeNanos));

  /** Takes an OK request of generated tokens. */
  void add(RequestRecord ok) {
    kept.add(ok);
    if (kept.size() > KEPT) {
      kept.poll();
    }
  }

  ResultTable table(Watch watch, RunMeasurements run) {
    Attribution attribution = new Attribution(watch, run);
    List<RequestRecord> slowest = new ArrayList<>(kept);
    slowest.sort(
        Comparator.comparingLong(RequestParts::wholeNanos)
            .reversed()
            .thenComparingLong(RequestRecord::sentNanos));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (RequestRecord request : slowest) {
      RequestParts parts = RequestParts.of(request);
      Attribution.Cause cause = attribution.of(request, parts);
      List<@Nullable Object> row = new ArrayList<>();
      row.add(request.id());
      row.add(request.request());
      row.add((request.sentNanos() - watch.window().fromNanos()) / NANOS_PER_SECOND);
      row.add(parts.wholeMillis());
      row.add(cause.kind());
      row.add(cause.millis());
      row.add(parts.connectMillis());
      row.add(parts.waitMillis());
      row.add(parts.streamMillis());
      row.add(parts.stallMillis());
      row.add(cause.note());
      rows.add(row);
    }
    return new ResultTable(
        "slowest",
        "The slowest requests, and what held them up",
        ResultTable.columns(
            "id",
            "",
            "request",
            "",
            "sent",
            "s",
            "e2e",
            "ms",
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
            ""),
        rows);
  }
}
