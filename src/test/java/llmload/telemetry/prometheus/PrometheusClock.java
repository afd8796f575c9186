package llmload.telemetry.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/**
 * How far a Prometheus server's clock is from this machine's, every ten seconds: what the server
 * says that {@code time()} is, against the middle of asking and answer (RFC 5905, section 8, with
 * one stamp for both of the server's).
 *
 * <p>Of three questions the fastest counts. Half of its time, and half a millisecond as the server
 * drops fractions of one, is the uncertainty. One thread looks; any may ask for an offset.
 */
public final class PrometheusClock implements TelemetrySource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long REST_NANOS = 10_000_000_000L;
  private static final int QUESTIONS = 3;
  private static final double NANOS = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final long HALF_MILLI_NANOS = 500_000;

  private final String name;
  private final URI question;
  private final PageFetch fetch;
  private final LongSupplier nanos;
  private final Instant anchor;
  private final long anchorNanos;
  private final NavigableMap<Long, Long> offsets = new ConcurrentSkipListMap<>();
  private @Nullable Long askedNanos;

  /**
   * The clock of one server.
   *
   * @param server its root
   * @param name how it is called in the sampler's account
   * @param nanos the sampler's clock
   * @param anchor this machine's wall clock at {@code anchorNanos}
   */
  public PrometheusClock(
      URI server,
      String name,
      PageFetch fetch,
      LongSupplier nanos,
      Instant anchor,
      long anchorNanos) {
    this.name = name;
    this.question =
        URI.create(server.toString().replaceAll("/+$", "") + "/api/v1/query?query=time()");
    this.fetch = fetch;
    this.nanos = nanos;
    this.anchor = anchor;
    this.anchorNanos = anchorNanos;
  }

  @Override
  public String name() {
    return "clock of " + name;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
    Long asked = askedNanos;
    if (asked != null && nanos.getAsLong() - asked < REST_NANOS) {
      return List.of();
    }
    Reading offset = ask(deadline);
    askedNanos = nanos.getAsLong();
    return List.of(offset);
  }

  /** Asks now. */
  public Reading ask(Duration deadline) throws SourceException, InterruptedException {
    long fastest = Long.MAX_VALUE;
    long middle = 0;
    long offset = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      long before = nanos.getAsLong();
      double seconds = answer(deadline);
      long took = nanos.getAsLong() - before;
      if (took < fastest) {
        fastest = took;
        middle = before + took / 2;
        offset = sinceAnchor(seconds) + HALF_MILLI_NANOS - (middle - anchorNanos);
      }
    }
    offsets.put(middle, offset);
    Reading reading = new Reading("telemetry", Map.of("of", name));
    reading.takenAt(middle);
    reading.put(TelemetryId.CLOCK_OFFSET_MS, Double.valueOf(offset / NANOS_PER_MILLI));
    reading.put(
        TelemetryId.CLOCK_UNCERTAINTY_MS,
        Double.valueOf((fastest / 2.0 + HALF_MILLI_NANOS) / NANOS_PER_MILLI));
    return reading;
  }

  private double answer(Duration deadline) throws SourceException, InterruptedException {
    PageFetch.Page page = fetch.get(question, Map.of("Accept", "application/json"), deadline);
    try {
      JsonNode time = JSON.readTree(page.body()).at("/data/result/0");
      if (time.isNumber()) {
        return time.asDouble();
      }
    } catch (IOException e) {
      throw noTime();
    }
    throw noTime();
  }

  private static SourceException noTime() {
    return SourceException.passing(
        MissReason.NOT_METRICS, "no answer of a Prometheus server to what time it is");
  }

  /** From the anchor, by this machine's wall clock, to the server's time. */
  private long sinceAnchor(double seconds) {
    double whole = seconds - anchor.getEpochSecond();
    return Math.round(whole * NANOS) - anchor.getNano();
  }

  /**
   * The server's clock minus this machine's, nanoseconds: on a straight line between two
   * measurements, beyond them as the nearest one, 0 without any.
   *
   * @param atNanos a moment of the sampler's clock
   */
  public long offsetNanos(long atNanos) {
    Map.Entry<Long, Long> before = offsets.floorEntry(atNanos);
    Map.Entry<Long, Long> after = offsets.ceilingEntry(atNanos);
    if (before == null || after == null) {
      Map.Entry<Long, Long> only = before == null ? after : before;
      return only == null ? 0 : only.getValue();
    }
    long span = after.getKey() - before.getKey();
    double share = span == 0 ? 0 : (atNanos - before.getKey()) / (double) span;
    return before.getValue() + Math.round(share * (after.getValue() - before.getValue()));
  }
}
