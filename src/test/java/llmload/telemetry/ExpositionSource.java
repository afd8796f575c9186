package llmload.telemetry;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.exposition.ExpositionParser;
import llmload.telemetry.exposition.Series;

/** An exporter's page of metrics over HTTP. */
public final class ExpositionSource implements TelemetrySource {
  private static final int NAMES_SHOWN = 3;

  /** What is made of an exposition. */
  public interface Reader {
    /** The readings in it; none if it tells nothing that is known. */
    List<Reading> read(Exposition exposition);
  }

  private final String name;
  private final URI url;
  private final Map<String, String> headers;
  private final PageFetch fetch;
  private final Reader reader;
  private final ExpositionParser parser = ExpositionParser.withoutBuckets();

  /**
   * A source that asks {@code url}.
   *
   * @param name its name in the sampler's account
   * @param headers sent along
   */
  public ExpositionSource(
      String name, URI url, Map<String, String> headers, PageFetch fetch, Reader reader) {
    this.name = name;
    this.url = url;
    this.headers = Map.copyOf(headers);
    this.fetch = fetch;
    this.reader = reader;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
    PageFetch.Page page = fetch.get(url, headers, deadline);
    if (page.isHtml()) {
      throw SourceException.passing(
          MissReason.NOT_METRICS, "HTML instead of metrics; look at the URL");
    }
    Exposition exposition = parser.read(page.body());
    List<Reading> readings = reader.read(exposition);
    if (readings.isEmpty()) {
      throw nothingIn(page, exposition.series());
    }
    return readings;
  }

  /**
   * What a page without known metrics is told as. An exposition may still get some: a server shows
   * series with labels only after their first use. JSON will not.
   */
  private static SourceException nothingIn(PageFetch.Page page, List<Series> series) {
    String type = page.contentType().isEmpty() ? "unknown" : page.contentType();
    if (page.isJson(series.isEmpty())) {
      return SourceException.passing(
          MissReason.NOT_METRICS, "no metric in an answer of the type " + type);
    }
    if (series.isEmpty()) {
      return SourceException.passing(
          MissReason.NOTHING_KNOWN, "no metric so far in an answer of the type " + type);
    }
    return SourceException.passing(
        MissReason.NOTHING_KNOWN,
        "metrics, but none that is known, such as "
            + series.stream()
                .map(Series::name)
                .distinct()
                .limit(NAMES_SHOWN)
                .collect(Collectors.joining(", ")));
  }
}
