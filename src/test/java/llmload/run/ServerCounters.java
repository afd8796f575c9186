package llmload.run;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.model.TelemetrySample;
import llmload.wire.Dialect;
import llmload.wire.Endpoint;
import llmload.wire.LlmServerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server's own cumulative counters before and after a load, where its dialect has such.
 *
 * <p>A reading that fails is left out: there is no difference then, and no zero either.
 */
final class ServerCounters {
  /** The label of the readings before the first request. */
  static final String BEFORE = "before";

  /** The label of the readings after the last one. */
  static final String AFTER = "after";

  private final @Nullable String url;
  private final TargetSettings target;
  private final Consumer<TelemetrySample> sink;
  private final LongSupplier nanos;

  /**
   * @param nanos the time since the run's anchor
   */
  ServerCounters(
      Dialect dialect,
      String baseUrl,
      TargetSettings target,
      Consumer<TelemetrySample> sink,
      LongSupplier nanos) {
    String path = dialect.countersPath();
    this.url = path == null ? null : Endpoint.url(baseUrl, path);
    this.target = target;
    this.sink = sink;
    this.nanos = nanos;
  }

  /** Reads them now, and hands on a sample for the server, each provider and each model. */
  void read(String when) {
    if (url == null) {
      return;
    }
    try {
      HttpResponse<String> response = Preflight.get(url, target);
      if (response.statusCode() == 200) {
        long atNanos = nanos.getAsLong();
        LlmServerMetrics.parse(response.body())
            .forEach(reading -> sink.accept(sample(reading, when, atNanos)));
      }
    } catch (IOException | GeneralSecurityException e) {
      // The server may have gone under the load; its requests tell of that.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static TelemetrySample sample(
      LlmServerMetrics.Reading reading, String when, long atNanos) {
    Map<String, String> labels = new LinkedHashMap<>(reading.labels());
    labels.put("when", when);
    return new TelemetrySample("llm-server", atNanos, reading.counters(), labels);
  }
}
