package llmload.telemetry.server;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;

/**
 * The metrics of a server and, where they say that it is llama.cpp, its slots: those metrics tell
 * nothing of the KV cache, the slots tell how many tokens the busy ones hold.
 *
 * <p>The slots are in the same reading as the metrics, and what became of asking for them is in a
 * reading of the source {@code telemetry}. A server that refuses is asked once; one that fails is
 * asked again with the next look. Nothing else of the answer is kept: it may hold prompts.
 */
public final class SlotsSource implements TelemetrySource {
  private static final String ACCOUNT = "telemetry";
  private static final String LLAMA_CPP = "llama.cpp";

  /** Without leave or without the endpoint: {@code --no-slots} makes 501 of it. */
  private static final Set<String> REFUSALS =
      Set.of("HTTP 401", "HTTP 403", "HTTP 404", "HTTP 405", "HTTP 501");

  private final TelemetrySource metrics;
  private final Place place;
  private final PageFetch fetch;
  private final LongSupplier nanos;
  private long taken;
  private final Map<MissReason, Long> missed = new LinkedHashMap<>();
  private boolean refused;

  /**
   * Where the slots are.
   *
   * @param url their URL
   * @param shown what is said of it
   * @param headers sent along
   */
  public record Place(URI url, String shown, Map<String, String> headers) {

    /** Beside the metrics: the same URL with another last word. */
    public static URI beside(URI metrics) {
      String query = metrics.getRawQuery();
      return metrics.resolve(query == null ? "slots" : "slots?" + query);
    }
  }

  /**
   * The slots beside {@code metrics}.
   *
   * @param nanos the clock that deadlines are kept by
   */
  public SlotsSource(TelemetrySource metrics, Place place, PageFetch fetch, LongSupplier nanos) {
    this.metrics = metrics;
    this.place = place;
    this.fetch = fetch;
    this.nanos = nanos;
  }

  @Override
  public String name() {
    return metrics.name();
  }

  @Override
  public boolean isRemote() {
    return metrics.isRemote();
  }

  @Override
  public void close() {
    metrics.close();
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
    long before = nanos.getAsLong();
    List<Reading> readings = metrics.read(deadline);
    for (Reading reading : readings) {
      if (!refused && LLAMA_CPP.equals(reading.labels().get("engine"))) {
        Duration left = deadline.minusNanos(nanos.getAsLong() - before);
        List<Reading> with = new ArrayList<>(readings);
        with.set(readings.indexOf(reading), withSlots(reading, left, with));
        return with;
      }
    }
    return readings;
  }

  private Reading withSlots(Reading reading, Duration left, List<Reading> accounts)
      throws InterruptedException {
    try {
      if (left.isNegative() || left.isZero()) {
        throw SourceException.passing(MissReason.TIMEOUT, "the metrics took the whole deadline");
      }
      Slots slots = Slots.parse(fetch.get(place.url(), place.headers(), left).text());
      taken++;
      Reading account = account(Map.of());
      account.put(TelemetryId.TAKEN_COUNT, taken);
      accounts.add(account);
      return slots.into(reading);
    } catch (SourceException e) {
      String message = String.valueOf(e.getMessage());
      refused = e.reason() == MissReason.HTTP_STATUS && REFUSALS.contains(message);
      MissReason reason = refused ? MissReason.NOT_AVAILABLE : e.reason();
      Reading account =
          account(
              Map.of(
                  "reason",
                  reason.name(),
                  "message",
                  refused ? message + ": the server does not tell its slots" : message));
      account.put(TelemetryId.MISSED_COUNT, missed.merge(reason, 1L, Long::sum));
      accounts.add(account);
      return reading;
    }
  }

  private Reading account(Map<String, String> about) {
    Map<String, String> labels = new LinkedHashMap<>(about);
    labels.put("of", "slots " + place.shown());
    return new Reading(ACCOUNT, labels);
  }
}
