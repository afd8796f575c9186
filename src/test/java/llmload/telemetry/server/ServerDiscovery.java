package llmload.telemetry.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/**
 * The server's metrics where nobody said where they are: the places that servers have them at, one
 * after the other, until one is right. A server that answers at each of them, but with no metrics,
 * is left alone from then on.
 */
public final class ServerDiscovery implements TelemetrySource {
  /** Where servers have their metrics, from their root; TensorRT-LLM has JSON at the first. */
  public static final List<String> PLACES = List.of("/metrics", "/prometheus/metrics");

  private static final Set<MissReason> ANSWERED =
      Set.of(MissReason.HTTP_STATUS, MissReason.NOT_METRICS, MissReason.NOTHING_KNOWN);

  private final List<TelemetrySource> candidates;
  private @Nullable TelemetrySource found;

  /** A search among {@code candidates}, in their order. */
  public ServerDiscovery(List<TelemetrySource> candidates) {
    this.candidates = List.copyOf(candidates);
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
    if (known != null) {
      return known.read(deadline);
    }
    List<SourceException> faults = new ArrayList<>();
    for (TelemetrySource candidate : candidates) {
      try {
        List<Reading> readings = candidate.read(deadline);
        found = candidate;
        return readings;
      } catch (SourceException e) {
        if (!ANSWERED.contains(e.reason())) {
          throw e;
        }
        faults.add(e);
      }
    }
    throw SourceException.lasting(
        faults.get(0).reason(),
        faults.stream().map(Throwable::getMessage).collect(Collectors.joining("; "))
            + ". Name the URL of the metrics in telemetry.server, or none");
  }
}
