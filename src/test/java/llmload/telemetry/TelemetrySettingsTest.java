package llmload.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import org.junit.jupiter.api.Test;

class TelemetrySettingsTest {

  private static SettingsReader reader(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put("llm.telemetry." + keysAndValues[i], keysAndValues[i + 1]);
    }
    return SettingsReader.of(properties, Map.of(), Map.of(), "none");
  }

  @Test
  void nothingGiven_watchesWhatIsThere() {
    TelemetrySettings settings = TelemetrySettings.read(reader());

    assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.discoversServer()).isTrue();
    assertThat(settings.server()).isEmpty();
    assertThat(settings.host()).isTrue();
    assertThat(settings.serverPid()).isEmpty();
    assertThat(settings.nvidiaSmi()).isEqualTo("auto");
    assertThat(settings.prometheus()).isEmpty();
  }

  @Test
  void givenSources_areTaken() {
    SettingsReader reader =
        reader(
            "interval", "100ms",
            "server", "http://a:8000/metrics, http://b:8000/metrics",
            "dcgm", "http://a:9400/metrics",
            "amd", "amd-smi,http://a:5000/metrics",
            "intel", "xpu-smi",
            "prometheus", "http://p:9090",
            "prometheus.match", "job=\"vllm\"",
            "serverPid", "77",
            "host", "false");
    TelemetrySettings settings = TelemetrySettings.read(reader);
    reader.requireNoProblems();

    assertThat(settings.interval()).isEqualTo(Duration.ofMillis(100));
    assertThat(settings.discoversServer()).isFalse();
    assertThat(settings.server())
        .containsExactly(URI.create("http://a:8000/metrics"), URI.create("http://b:8000/metrics"));
    assertThat(settings.dcgm()).containsExactly(URI.create("http://a:9400/metrics"));
    assertThat(settings.amd()).isEqualTo(List.of("amd-smi", "http://a:5000/metrics"));
    assertThat(settings.intel()).contains("xpu-smi");
    assertThat(settings.prometheus()).contains(URI.create("http://p:9090"));
    assertThat(settings.prometheusMatch()).isEqualTo("job=\"vllm\"");
    assertThat(settings.serverPid()).hasValue(77);
    assertThat(settings.host()).isFalse();
  }

  @Test
  void none_switchesTheServerOff() {
    TelemetrySettings settings = TelemetrySettings.read(reader("server", "none"));

    assertThat(settings.discoversServer()).isFalse();
    assertThat(settings.server()).isEmpty();
  }

  @Test
  void whatCannotBe_isReportedAtOnce() {
    SettingsReader reader =
        reader(
            "interval", "10ms",
            "server", "auto,gpu:8000",
            "dcgm", "http://me:pw@a:9400/metrics",
            "prometheus", "p:9090",
            "tail", "11m");
    TelemetrySettings unused = TelemetrySettings.read(reader);

    assertThat(catchThrowableOfType(ConfigException.class, reader::requireNoProblems).problems())
        .containsExactly(
            "llm.telemetry.interval: Expecting a duration from 100ms to 1m. Found: 10ms.",
            "llm.telemetry.tail: Expecting a duration of at most 10m. Found: 11m.",
            "llm.telemetry.server: Expecting URLs such as http://gpu:9400/metrics, without"
                + " credentials. Found: auto,gpu:8000.",
            "llm.telemetry.dcgm: Expecting URLs such as http://gpu:9400/metrics, without"
                + " credentials. Found: http://***@a:9400/metrics.",
            "llm.telemetry.prometheus: Expecting a URL such as http://prometheus:9090. Found:"
                + " p:9090.");
  }
}
