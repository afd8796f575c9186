package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import llmload.model.AgentTags;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * Readings of the server's memory, of one source: what it tells of its caches under the dialect
 * that asks for it, else the resident memory of its process, else that by its own metrics.
 */
final class MemoryReadings {
  private static final double MEBI = 1 << 20;

  /**
   * One reading.
   *
   * @param atNanos when, since the run's anchor
   * @param usedBytes the memory in use
   */
  record Reading(long atNanos, double usedBytes) {
    double mebibytes() {
      return usedBytes / MEBI;
    }
  }

  private final List<Reading> own = new ArrayList<>();
  private final List<Reading> resident = new ArrayList<>();
  private final List<Reading> told = new ArrayList<>();
  private @Nullable String missed;

  void add(TelemetrySample sample) {
    switch (sample.source()) {
      case "process" -> add(resident, sample, TelemetryId.RSS_BYTES);
      case "server" -> add(told, sample, TelemetryId.PROCESS_RSS_BYTES);
      case "telemetry" -> {
        String message = sample.labels().get("message");
        if ("process".equals(sample.labels().get("of")) && message != null) {
          missed = message;
        }
      }
      default -> {
        // Other sources know nothing of the server's memory.
      }
    }
  }

  private static void add(List<Reading> into, TelemetrySample sample, TelemetryId id) {
    Double bytes = sample.values().get(id.id());
    if (bytes != null) {
      into.add(new Reading(sample.atNanos(), bytes));
    }
  }

  void add(RequestRecord request) {
    Double figure =
        Numbers.decimal(request.tags().get(Tags.CHECK_PREFIX + AgentTags.ACTIVE_MEMORY));
    if (figure != null && request.outcome().isOk()) {
      own.add(new Reading(request.endedNanos(), figure * MEBI));
    }
  }

  /** All of them, of the source that counts. */
  List<Reading> all() {
    if (!own.isEmpty()) {
      return own;
    }
    return resident.isEmpty() ? told : resident;
  }

  /** Whose they are. */
  String source() {
    if (!own.isEmpty()) {
      return "the server's own figures";
    }
    return resident.isEmpty()
        ? "the resident memory that the server's metrics tell"
        : "the resident memory of the server's process";
  }

  /** Why there are none; {@code null} if there are some. */
  @Nullable String absence() {
    if (!all().isEmpty()) {
      return null;
    }
    String unwatched =
        "not measured: the server told no figures of its own, and its process was not watched";
    return missed == null ? unwatched : unwatched + " (" + missed + ")";
  }

  /** The median of those from one moment to another, in bytes; {@code null} if there are none. */
  @Nullable Double median(long fromNanos, long toNanos) {
    double[] within = within(fromNanos, toNanos).sorted().toArray();
    return within.length == 0 ? null : within[(within.length - 1) / 2];
  }

  /** The mean of those from one moment to another, in MiB; {@code null} if there are none. */
  @Nullable Double mean(long fromNanos, long toNanos) {
    double[] within = within(fromNanos, toNanos).toArray();
    return within.length == 0 ? null : Arrays.stream(within).average().getAsDouble() / MEBI;
  }

  private DoubleStream within(long fromNanos, long toNanos) {
    return all().stream()
        .filter(reading -> reading.atNanos() >= fromNanos && reading.atNanos() < toNanos)
        .mapToDouble(Reading::usedBytes);
  }
}
