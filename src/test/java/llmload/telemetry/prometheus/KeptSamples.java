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
import java.util.function.Consumer;
import java.util.function.Function;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.Series;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Prometheus server for the samples that it kept of the servers and GPUs that are known, and
 * makes of each scrape the page that the exporter told then: all series of one scrape have one
 * stamp, but for those to which the exporter gave a stamp of its own.
 *
 * <p>It asks instant queries with a range selector, since these answer each sample once, at the
 * moment of its scrape. A query by steps would repeat the last value for five minutes. Stamps are
 * those of the Prometheus server's clock, less its offset.
 *
 * <p>A range reaches from after its start to its end; Prometheus 2 and older give a sample at the
 * start as well, which belongs to the part before.
 */
public final class KeptSamples {
  /** Histograms' buckets are many and none is read. */
  private static final String NAMES =
      "__name__=~\"(vllm:|llmload:|sglang:|tgi_|trtllm_|nv_|llamacpp:|lmdeploy:|DCGM_FI_|gpu_).+"
          + "|process_start_time_seconds|process_resident_memory_bytes\""
          + ",__name__!~\".+(_bucket|_created)\"";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MILLIS = 1e3;
  private static final long FIRST_PART_MILLIS = 60_000;
  private static final long LEAST_PART_MILLIS = 1_000;
  private static final long MOST_PART_MILLIS = 3_600_000;

  /** An answer smaller than this lets the next part be twice as long. */
  private static final int SMALL_BYTES = 512 << 10;

  /** What the server's clock may be ahead of what was measured of it. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final URI server;
  private final String match;
  private final PageFetch fetch;
  private final Function<String, List<ExpositionSource.Reader>> readers;
  private final Map<String, InstanceScrapes> scrapes = new TreeMap<>();

  /**
   * A span of a run.
   *
   * @param from its begin by this machine's wall clock
   * @param fromNanos the sampler's clock at {@code from}
   * @param length how long it is
   */
  public record Stretch(Instant from, long fromNanos, Duration length) {
    /** The sampler's clock at a moment of this machine's wall clock. */
    private long nanosAt(long epochMillis) {
      return fromNanos + Duration.between(from, Instant.ofEpochMilli(epochMillis)).toNanos();
    }
  }

  private record Part(JsonNode result, int bytes) {}

  /**
   * The samples of one Prometheus server.
   *
   * @param server its root
   * @param match further matchers such as {@code job="vllm"}; empty for none
   * @param readers what reads an instance's pages, by the instance's name
   */
  public KeptSamples(
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
   * Hands the readings of a stretch to {@code sink}, each with its stamp, part by part; what came
   * before a fault stays handed over.
   *
   * @param clock the server's, which has been measured; what was never measured counts as right
   * @param deadline of each query
   * @throws SourceException if the server does not answer, or knows nothing of that stretch
   */
  public void read(
      Stretch stretch, PrometheusClock clock, Duration deadline, Consumer<Reading> sink)
      throws SourceException, InterruptedException {
    long endNanos = stretch.fromNanos() + stretch.length().toNanos();
    long start = stretch.from().plusNanos(clock.offsetNanos(stretch.fromNanos())).toEpochMilli();
    long last =
        stretch
            .from()
            .plus(stretch.length())
            .plusNanos(clock.offsetNanos(endNanos))
            .plus(MARGIN)
            .toEpochMilli();
    long length = FIRST_PART_MILLIS;
    long count = 0;
    while (start < last) {
      long end = Math.min(last, start + length);
      Part part = askOrSplit(start, end, deadline);
      if (part == null) {
        length = (end - start) / 2;
        continue;
      }
      count += hand(pages(part.result(), start), stretch, clock, sink);
      if (part.bytes() < SMALL_BYTES) {
        length = Math.min(MOST_PART_MILLIS, 2 * length);
      }
      start = end;
    }
    long endMillis = last - MARGIN.toMillis();
    scrapes.values().forEach(instance -> instance.readUntil(endMillis));
    if (count == 0) {
      throw SourceException.passing(
          MissReason.NOTHING_KNOWN, "Prometheus has no known metric of this run");
    }
  }

  /** What has been read so far, for each instance that told of what is known, by their names. */
  public List<InstanceScrapes> scrapes() {
    return List.copyOf(scrapes.values());
  }

  /** The answer; {@code null} if it is too large, and half of the span may do. */
  private @Nullable Part askOrSplit(long startMillis, long endMillis, Duration deadline)
      throws SourceException, InterruptedException {
    try {
      return ask(startMillis, endMillis, deadline);
    } catch (SourceException e) {
      if (e.reason() == MissReason.TOO_LARGE && endMillis - startMillis >= 2 * LEAST_PART_MILLIS) {
        return null;
      }
      throw e;
    }
  }

  private Part ask(long startMillis, long endMillis, Duration deadline)
      throws SourceException, InterruptedException {
    String query =
        "{"
            + NAMES
            + (match.isBlank() ? "" : "," + match)
            + "}["
            + (endMillis - startMillis)
            + "ms]";
    URI url =
        URI.create(
            String.format(
                Locale.ROOT,
                "%s/api/v1/query?query=%s&time=%.3f",
                server.toString().replaceAll("/+$", ""),
                URLEncoder.encode(query, StandardCharsets.UTF_8),
                endMillis / MILLIS));
    byte[] body = fetch.get(url, Map.of("Accept", "application/json"), deadline).body();
    try {
      JsonNode answer = JSON.readTree(body);
      if (!answer.path("status").asText().equals("success")) {
        throw SourceException.passing(
            MissReason.NOT_METRICS, "Prometheus says: " + answer.path("error").asText());
      }
      return new Part(answer.at("/data/result"), body.length);
    } catch (IOException e) {
      throw SourceException.passing(MissReason.NOT_METRICS, "no answer of a Prometheus server");
    }
  }

  /** The series after {@code startMillis} by instance and moment, milliseconds since 1970. */
  private static Map<String, SortedMap<Long, List<Series>>> pages(
      JsonNode result, long startMillis) {
    Map<String, SortedMap<Long, List<Series>>> pages = new TreeMap<>();
    for (JsonNode row : result) {
      Map<String, String> labels = new HashMap<>();
      row.path("metric")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      String name = labels.getOrDefault("__name__", "");
      String instance = labels.getOrDefault("instance", "");
      labels.keySet().removeAll(List.of("__name__", "instance", "job"));
      for (JsonNode point : row.path("values")) {
        long millis = Math.round(point.path(0).asDouble() * MILLIS);
        if (millis > startMillis) {
          pages
              .computeIfAbsent(instance, unused -> new TreeMap<>())
              .computeIfAbsent(millis, unused -> new ArrayList<>())
              .add(new Series(name, labels, number(point.path(1).asText())));
        }
      }
    }
    return pages;
  }

  /** Reads each page; how many readings there are in them. */
  private long hand(
      Map<String, SortedMap<Long, List<Series>>> pages,
      Stretch stretch,
      PrometheusClock clock,
      Consumer<Reading> sink) {
    long count = 0;
    for (Map.Entry<String, SortedMap<Long, List<Series>>> instance : pages.entrySet()) {
      List<ExpositionSource.Reader> all = readers.apply(instance.getKey());
      for (Map.Entry<Long, List<Series>> page : instance.getValue().entrySet()) {
        long told = stretch.nanosAt(page.getKey());
        // Clocks drift slowly: the offset at about that moment is that of the moment.
        long about = told - clock.offsetNanos(told);
        long nanos = told - clock.offsetNanos(about);
        for (ExpositionSource.Reader reader : all) {
          for (Reading reading : reader.read(Exposition.of(page.getValue()))) {
            reading.takenAt(nanos);
            sink.accept(reading);
            scrapes
                .computeIfAbsent(instance.getKey(), InstanceScrapes::new)
                .add(page.getKey(), reading.source());
            count++;
          }
        }
      }
    }
    return count;
  }

  /** Prometheus writes numbers as text, {@code NaN} and {@code +Inf} among them. */
  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
