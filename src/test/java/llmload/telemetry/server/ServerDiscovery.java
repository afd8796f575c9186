package llmload.telemetry.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/**
 * The server's metrics where nobody said where they are: the places that servers have them at, one
 * after the other, until one is right.
 *
 * <p>A server that answers at each of them in one look, but with what will never be metrics, is
 * left alone from then on: a status that lasts, HTML, JSON. Where one place may yet have them,
 * since its server still begins, is busy, silent or tells metrics of which none is known so far,
 * all of them are asked again with the next look; such a place hides no later one that is right.
 */
public final class ServerDiscovery implements TelemetrySource {
  /** Where servers have their metrics, from their root; TensorRT-LLM has JSON at the first. */
  public static final List<String> PLACES = List.of("/metrics", "/prometheus/metrics");

  private static final Set<MissReason> FINAL =
      Set.of(MissReason.HTTP_STATUS, MissReason.NOT_METRICS);

  private final List<TelemetrySource> candidates;
  private final LongSupplier nanos;
  private @Nullable TelemetrySource found;
  private int first;

  /**
   * A search among {@code candidates}, in their order.
   *
   * @param nanos the clock that deadlines are kept by
   */
  public ServerDiscovery(List<TelemetrySource> candidates, LongSupplier nanos) {
    this.candidates = List.copyOf(candidates);
    this.nanos = nanos;
  }

  @Override
  public String name() {
    return candidates.get(0).name();
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
    TelemetrySource known = found;
    return known == null ? search(deadline) : known.read(deadline);
  }

  private List<Reading> search(Duration deadline) throws SourceException, InterruptedException {
    long until = nanos.getAsLong() + deadline.toNanos();
    List<SourceException> faults = new ArrayList<>();
    int begin = first;
    for (int i = 0; i < candidates.size(); i++) {
      Duration left = Duration.ofNanos(until - nanos.getAsLong());
      int place = (begin + i) % candidates.size();
      if (left.isNegative() || left.isZero()) {
        break;
      }
      try {
        List<Reading> readings = candidates.get(place).read(left);
        found = candidates.get(place);
        return readings;
      } catch (SourceException e) {
        faults.add(e);
        if (e.reason() == MissReason.TIMEOUT) {
          // One that takes all the time must not do so in each look.
          first = (place + 1) % candidates.size();
        }
      }
    }
    for (SourceException fault : faults) {
      if (!FINAL.contains(fault.reason())) {
        throw fault;
      }
    }
    if (faults.size() < candidates.size()) {
      throw SourceException.passing(
          MissReason.TIMEOUT, "no metrics found within " + deadline.toMillis() + " ms");
    }
    throw SourceException.lasting(
        faults.get(0).reason(),
        faults.stream().map(Throwable::getMessage).collect(Collectors.joining("; "))
            + ". Name the URL of the metrics in telemetry.server, or none");
  }

  @Override
  public void close() {
    candidates.forEach(TelemetrySource::close);
  }
}
