package llmload.run;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import llmload.model.ServerPlace;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.OnDemandSource;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Reading;
import llmload.telemetry.TelemetrySettings;
import llmload.telemetry.TelemetrySource;
import llmload.telemetry.exposition.Exposition;
import llmload.telemetry.gpu.AmdExporterReader;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.gpu.GpuTools;
import llmload.telemetry.gpu.TritonGpuReader;
import llmload.telemetry.host.HostSource;
import llmload.telemetry.host.ProcessSource;
import llmload.telemetry.host.RaplSource;
import llmload.telemetry.server.ServerDiscovery;
import llmload.telemetry.server.ServerReader;
import llmload.telemetry.server.SlotsSource;
import llmload.wire.Endpoint;
import org.jspecify.annotations.Nullable;

/** Which sources a run looks at, by its settings and its target. */
final class TelemetrySources {
  private final TelemetrySettings settings;
  private final URI target;
  private final Map<String, String> headers;
  private final PageFetch fetch;
  private final UnaryOperator<String> redact;

  /**
   * The sources for one target.
   *
   * @param headers what requests to the target carry; sent to nobody else
   * @param redact takes secrets out of what is shown of a URL
   */
  TelemetrySources(
      TelemetrySettings settings,
      String baseUrl,
      Map<String, String> headers,
      PageFetch fetch,
      UnaryOperator<String> redact) {
    this.settings = settings;
    this.target = URI.create(baseUrl);
    this.headers = headers;
    this.fetch = fetch;
    this.redact = redact;
  }

  /**
   * All sources.
   *
   * @param pid the server's process; {@code null} to find it where it is local
   * @param nanos the sampler's clock
   */
  List<TelemetrySource> all(@Nullable Long pid, LongSupplier nanos) {
    List<TelemetrySource> sources = new ArrayList<>();
    if (settings.host()) {
      sources.add(new OnDemandSource(HostSource.SOURCE, HostSource::new));
      sources.add(new RaplSource(RaplSource.ROOT));
    }
    addProcess(sources, pid, nanos);
    addServer(sources, nanos);
    addGpus(sources, pid, nanos);
    return sources;
  }

  private void addProcess(List<TelemetrySource> sources, @Nullable Long pid, LongSupplier nanos) {
    if (settings.serverPid().isPresent()) {
      int given = settings.serverPid().getAsInt();
      sources.add(new OnDemandSource("process", () -> ProcessSource.ofPid(given)));
    } else if (pid != null) {
      int own = Math.toIntExact(pid);
      sources.add(new OnDemandSource("process", () -> ProcessSource.ofPid(own)));
    } else if (isLocal() && settings.host()) {
      int port = port(target);
      sources.add(new OnDemandSource("process", () -> ProcessSource.ofPort(port, nanos)));
    }
  }

  private void addServer(List<TelemetrySource> sources, LongSupplier nanos) {
    if (settings.discoversServer()) {
      List<TelemetrySource> places = new ArrayList<>();
      for (String place : ServerDiscovery.PLACES) {
        places.add(server(URI.create(Endpoint.url(target.toString(), place)), nanos));
      }
      sources.add(new ServerDiscovery(places, nanos));
    }
    settings.server().forEach(url -> sources.add(server(url, nanos)));
  }

  private TelemetrySource server(URI url, LongSupplier nanos) {
    List<ExpositionSource.Reader> readers = serverReaders(redact.apply(url.toString()));
    URI slots = SlotsSource.Place.beside(url);
    return new SlotsSource(
        page("server", url, exposition -> readAll(readers, exposition)),
        new SlotsSource.Place(slots, redact.apply(slots.toString()), headersFor(slots)),
        fetch,
        nanos);
  }

  /** What reads the page of a server: its own metrics, and GPUs that it tells beside them. */
  static List<ExpositionSource.Reader> serverReaders(String name) {
    return List.of(new ServerReader(name), new TritonGpuReader());
  }

  /** What reads a page of which nobody knows whose it is. */
  static List<ExpositionSource.Reader> allReaders(String name) {
    List<ExpositionSource.Reader> readers = new ArrayList<>(serverReaders(name));
    readers.add(new DcgmReader());
    readers.add(new AmdExporterReader());
    return readers;
  }

  private static List<Reading> readAll(
      List<ExpositionSource.Reader> readers, Exposition exposition) {
    List<Reading> readings = new ArrayList<>();
    readers.forEach(reader -> readings.addAll(reader.read(exposition)));
    return readings;
  }

  private void addGpus(List<TelemetrySource> sources, @Nullable Long pid, LongSupplier nanos) {
    Duration interval = settings.interval();
    settings.dcgm().forEach(url -> sources.add(page("gpu", url, new DcgmReader())));
    for (String amd : settings.amd()) {
      sources.add(
          amd.contains("://")
              ? page("gpu", URI.create(amd), new AmdExporterReader())
              : GpuTools.amdSmi(amd));
    }
    settings.intel().ifPresent(tool -> sources.add(GpuTools.xpuSmi(tool, interval, nanos)));
    String tool = settings.nvidiaSmi();
    boolean auto = tool.equals(TelemetrySettings.AUTO);
    // The embedded server computes on processors: GPUs of this machine would tell nothing of it.
    boolean fitting = isLocal() && pid == null && settings.dcgm().isEmpty();
    if (auto ? fitting : !tool.equals(TelemetrySettings.NONE)) {
      sources.add(GpuTools.nvidiaSmi(auto ? "nvidia-smi" : tool, interval, nanos));
    }
  }

  private TelemetrySource page(String what, URI url, ExpositionSource.Reader reader) {
    return new ExpositionSource(
        what + " " + redact.apply(url.toString()), url, headersFor(url), fetch, reader);
  }

  private Map<String, String> headersFor(URI url) {
    boolean own =
        url.getHost().equalsIgnoreCase(target.getHost())
            && port(url) == port(target)
            && url.getScheme().equals(target.getScheme());
    return own ? headers : Map.of();
  }

  private boolean isLocal() {
    return ServerPlace.isLoopback(target.toString());
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return url.getScheme().equals("https") ? 443 : 80;
  }
}
