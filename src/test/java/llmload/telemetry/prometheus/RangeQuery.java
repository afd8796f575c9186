package llmload.telemetry.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.Series;

/**
 * Asks a Prometheus server for what it kept of the servers and GPUs that are known, and makes of
 * each moment and instance the page that the exporter would have told.
 *
 * <p>Its values are as old as its scrape interval, and repeat in between. Stamps are those of the
 * Prometheus server's clock, less its offset.
 */
public final class RangeQuery {
  /** Histograms' buckets are many and none is read. */
  private static final String NAMES =
      "__name__=~\"(vllm:|llmload:|sglang:|tgi_|trtllm_|nv_|llamacpp:|lmdeploy:|DCGM_FI_|gpu_).+"
          + "|process_start_time_seconds|process_resident_memory_bytes\""
          + ",__name__!~\".+(_bucket|_created)\"";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NANOS = 1e9;

  /** Moments of one query: the answer must stay small for any number of series. */
  private static final int STEPS = 200;

  private final URI server;
  private final String match;
  private final PageFetch fetch;
  private final Function<String, List<ExpositionSource.Reader>> readers;

  /**
   * A query of one Prometheus server.
   *
   * @param server its root
   * @param match further matchers such as {@code job="vllm"}; empty for none
   * @param readers what reads an instance's pages, by the instance's name
   */
  public RangeQuery(
      URI server,
      String match,
      PageFetch fetch,
      Function<String, List<ExpositionSource.Reader>> readers) {
    this.server = server;
    this.match = match;
    this.fetch = fetch;
    this.readers = readers;
  }

  /**
   * The readings of a span, each with its stamp.
   *
   * @param fromNanos the sampler's clock at {@code from}
   * @param clock the server's, which has been measured; what was never measured counts as right
   * @param deadline of each query
   * @throws SourceException if the server does not answer, or knows nothing of that span
   */
  public List<Reading> read(
      Instant from,
      Instant to,
      long fromNanos,
      PrometheusClock clock,
      Duration step,
      Duration deadline)
      throws SourceException, InterruptedException {
    List<Reading> readings = new ArrayList<>();
    Duration part = step.multipliedBy(STEPS);
    Instant first = from.plusNanos(clock.offsetNanos(fromNanos));
    Instant last =
        to.plusNanos(clock.offsetNanos(fromNanos + Duration.between(from, to).toNanos()));
    for (Instant start = first; !start.isAfter(last); start = start.plus(part).plus(step)) {
      Instant end = start.plus(part).isBefore(last) ? start.plus(part) : last;
      JsonNode result = ask(start, end, step, deadline);
      for (Map.Entry<String, SortedMap<Double, List<Series>>> instance : pages(result).entrySet()) {
        List<ExpositionSource.Reader> all = readers.apply(instance.getKey());
        instance
            .getValue()
            .forEach(
                (seconds, series) -> {
                  long told = fromNanos + Math.round((seconds - seconds(from)) * NANOS);
                  // Clocks drift slowly: the offset at about that moment is that of the moment.
                  long about = told - clock.offsetNanos(told);
                  long nanos = told - clock.offsetNanos(about);
                  for (ExpositionSource.Reader reader : all) {
                    for (Reading reading : reader.read(Exposition.of(series))) {
                      reading.takenAt(nanos);
                      readings.add(reading);
                    }
                  }
                });
      }
    }
    if (readings.isEmpty()) {
      throw SourceException.passing(
          MissReason.NOTHING_KNOWN, "Prometheus has no known metric of this run");
    }
    return readings;
  }

  private JsonNode ask(Instant start, Instant end, Duration step, Duration deadline)
      throws SourceException, InterruptedException {
    String query = "{" + NAMES + (match.isBlank() ? "" : "," + match) + "}";
    String root = server.toString().replaceAll("/+$", "");
    URI url =
        URI.create(
            String.format(
                Locale.ROOT,
                "%s/api/v1/query_range?query=%s&start=%.3f&end=%.3f&step=%.3f",
                root,
                URLEncoder.encode(query, StandardCharsets.UTF_8),
                seconds(start),
                seconds(end),
                step.toNanos() / NANOS));
    try {
      JsonNode answer =
          JSON.readTree(fetch.get(url, Map.of("Accept", "application/json"), deadline).body());
      if (!answer.path("status").asText().equals("success")) {
        throw SourceException.passing(
            MissReason.NOT_METRICS, "Prometheus says: " + answer.path("error").asText());
      }
      return answer.at("/data/result");
    } catch (IOException e) {
      throw SourceException.passing(MissReason.NOT_METRICS, "no answer of a Prometheus server");
    }
  }

  /** The series by instance and moment. */
  private static Map<String, SortedMap<Double, List<Series>>> pages(JsonNode result) {
    Map<String, SortedMap<Double, List<Series>>> pages = new TreeMap<>();
    for (JsonNode row : result) {
      Map<String, String> labels = new HashMap<>();
      row.path("metric")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      String name = labels.getOrDefault("__name__", "");
      String instance = labels.getOrDefault("instance", "");
      labels.keySet().removeAll(List.of("__name__", "instance", "job"));
      for (JsonNode point : row.path("values")) {
        pages
            .computeIfAbsent(instance, unused -> new TreeMap<>())
            .computeIfAbsent(point.path(0).asDouble(), unused -> new ArrayList<>())
            .add(new Series(name, labels, number(point.path(1).asText())));
      }
    }
    return pages;
  }

  /** Prometheus writes numbers as text, {@code NaN} and {@code +Inf} among them. */
  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / NANOS;
  }
}
