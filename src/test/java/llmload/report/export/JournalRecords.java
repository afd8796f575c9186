package llmload.report.export;

import java.util.function.Consumer;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;

/** A run's journal, to be read as often as an exporter needs. */
public interface JournalRecords {
  /** Hands every request record to {@code sink}, warm-up included, in the journal's order. */
  void forEachRequest(Consumer<RequestRecord> sink);

  /** Hands every telemetry sample to {@code sink}, in the journal's order. */
  void forEachSample(Consumer<TelemetrySample> sink);
}
