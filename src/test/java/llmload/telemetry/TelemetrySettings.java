package llmload.telemetry;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import llmload.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * What is watched beside the requests, and how often.
 *
 * @param interval between two looks at each source
 * @param lead how long is looked before the load begins, for what the machine needs when idle
 * @param tail how long is looked after it has ended, for sources that tell late
 * @param host whether this machine is watched
 * @param serverPid the server's process on this machine; absent to find it where it is local
 * @param discoversServer whether the server's metrics are sought at the places known for them
 * @param server URLs of the server's metrics
 * @param dcgm URLs of NVIDIA's exporter
 * @param nvidiaSmi NVIDIA's tool: {@code auto} to run it where the server is local, {@code none},
 *     or the program
 * @param amd URLs of AMD's exporter, and AMD's tool
 * @param intel Intel's tool; absent to leave it
 * @param prometheus a Prometheus server that is asked at the end; absent if there is none
 * @param prometheusMatch which of its series are meant, such as {@code job="vllm"}
 * @param kvBytesPerToken bytes that one token takes in the server's KV cache, for servers that tell
 *     tokens and no bytes: 2 × layers × KV heads × head size × bytes of a number; absent if unknown
 */
public record TelemetrySettings(
    Duration interval,
    Duration lead,
    Duration tail,
    boolean host,
    OptionalInt serverPid,
    boolean discoversServer,
    List<URI> server,
    List<URI> dcgm,
    String nvidiaSmi,
    List<String> amd,
    Optional<String> intel,
    Optional<URI> prometheus,
    String prometheusMatch,
    OptionalInt kvBytesPerToken) {

  /** Look by what is there. */
  public static final String AUTO = "auto";

  /** Do not look. */
  public static final String NONE = "none";

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
  private static final String URLS = "URLs such as http://gpu:9400/metrics";

  /** Reads the keys under {@code telemetry}. */
  public static TelemetrySettings read(SettingsReader settings) {
    List<String> server = settings.list("telemetry.server", List.of(AUTO));
    boolean word = server.equals(List.of(AUTO)) || server.equals(List.of(NONE));
    List<String> amd = settings.list("telemetry.amd", List.of());
    amd.stream()
        .filter(entry -> entry.contains("://"))
        .filter(entry -> url(entry) == null)
        .forEach(entry -> settings.reject("telemetry.amd", URLS + ", or amd-smi"));
    return new TelemetrySettings(
        interval(settings),
        wait(settings, "telemetry.lead"),
        wait(settings, "telemetry.tail"),
        settings.flag("telemetry.host", true),
        settings.integer("telemetry.serverPid", 1, Integer.MAX_VALUE),
        server.equals(List.of(AUTO)),
        word ? List.of() : urls(settings, "telemetry.server", server),
        urls(settings, "telemetry.dcgm", settings.list("telemetry.dcgm", List.of())),
        settings.text("telemetry.nvidiaSmi", AUTO),
        amd,
        settings.text("telemetry.intel").filter(text -> !text.equals(NONE)),
        prometheus(settings),
        settings.text("telemetry.prometheus.match", ""),
        settings.integer("telemetry.kvBytesPerToken", 1, Integer.MAX_VALUE));
  }

  private static Duration interval(SettingsReader settings) {
    Duration interval = settings.duration("telemetry.interval", Duration.ofSeconds(1));
    if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
      settings.reject("telemetry.interval", "a duration from 100ms to 1m");
    }
    return interval;
  }

  private static Duration wait(SettingsReader settings, String key) {
    Duration wait = settings.duration(key, Duration.ZERO);
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      settings.reject(key, "a duration of at most 10m");
    }
    return wait;
  }

  private static List<URI> urls(SettingsReader settings, String key, List<String> texts) {
    List<URI> urls = new ArrayList<>();
    for (String text : texts) {
      URI url = url(text);
      if (url == null) {
        settings.reject(key, URLS + ", without credentials");
      } else {
        urls.add(url);
      }
    }
    return urls;
  }

  private static Optional<URI> prometheus(SettingsReader settings) {
    Optional<String> text = settings.text("telemetry.prometheus").filter(t -> !t.equals(NONE));
    Optional<URI> url = text.map(TelemetrySettings::url);
    if (text.isPresent() && url.isEmpty()) {
      settings.reject("telemetry.prometheus", "a URL such as http://prometheus:9090");
    }
    return url;
  }

  private static @Nullable URI url(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null && url.getUserInfo() == null ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
