package llmload.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.InjectorHealth;
import llmload.report.Figures;
import org.jspecify.annotations.Nullable;

/** The injector's health beside its limits, as text. */
final class InjectorView {
  private static final double BYTES_PER_MEBIBYTE = 1024.0 * 1024;

  private InjectorView() {}

  /** One reading; {@code beyond} its limit it speaks against the run. */
  record Row(String what, String value, String limit, boolean beyond) {}

  static List<Row> rows(InjectorHealth health, Map<String, Double> limits) {
    List<Row> rows = new ArrayList<>();
    rows.add(plain("send lag p50 (sent − intended)", millis(health.sendLagP50Millis())));
    rows.add(atMost("send lag p99", health.sendLagP99Millis(), limits.get("validity.sendLagP99")));
    rows.add(plain("send lag, longest", millis(health.sendLagMaxMillis())));
    rows.add(plain("requests sent over 10 ms late", percent(health.lateRatio())));
    rows.add(
        atMost(
            "event loop stood still, longest",
            health.eventLoopLagMaxMillis(),
            limits.get("validity.eventLoopLag")));
    rows.add(
        atMost("GC pause, longest", health.gcPauseMaxMillis(), limits.get("validity.gcPause")));
    rows.add(plain("GC pauses together", millis(health.gcPauseTotalMillis())));
    rows.add(achieved(health.achievedRatio(), limits.get("validity.achievedRate")));
    rows.add(plain("processor time", with(health.cpuCores(), "cores")));
    Double heap = health.heapUsedMaxBytes();
    rows.add(plain("heap, most", with(heap == null ? null : heap / BYTES_PER_MEBIBYTE, "MiB")));
    rows.add(plain("wall clock − monotonic clock", millis(health.clockDriftMillis())));
    rows.add(plain("journal rows", Figures.count(health.journalRowCount())));
    rows.add(none("torn journal lines", health.journalTornCount()));
    rows.add(none("lost records", health.lostRecordCount()));
    return rows;
  }

  private static Row plain(String what, String value) {
    return new Row(what, value, "", false);
  }

  private static Row none(String what, long count) {
    return new Row(what, Figures.count(count), "0", count > 0);
  }

  private static Row atMost(String what, @Nullable Double millis, @Nullable Double limit) {
    if (limit == null) {
      return plain(what, millis(millis));
    }
    boolean beyond = millis != null && millis > limit;
    String value = millis == null ? millis(null) : Figures.against(millis, limit) + " ms";
    return new Row(what, value, "<= " + Figures.exact(limit) + " ms", beyond);
  }

  private static Row achieved(@Nullable Double ratio, @Nullable Double limit) {
    String what = "arrivals sent of those planned";
    return limit == null
        ? plain(what, percent(ratio))
        : new Row(
            what, percent(ratio), ">= " + Figures.percent(limit), ratio != null && ratio < limit);
  }

  private static String millis(@Nullable Double value) {
    return with(value, "ms");
  }

  private static String percent(@Nullable Double ratio) {
    return ratio == null ? "not measured" : Figures.percent(ratio);
  }

  private static String with(@Nullable Double value, String unit) {
    return value == null ? "not measured" : Figures.of(value) + " " + unit;
  }
}
