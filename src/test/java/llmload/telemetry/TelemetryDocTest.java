package llmload.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import llmload.model.TelemetryId;
import org.junit.jupiter.api.Test;

/** docs/telemetry.md tells every name, and none that there is not. */
class TelemetryDocTest {
  private static final List<String> UNITS =
      List.of(
          "_count",
          "_ratio",
          "_bytes",
          "_tokens",
          "_seconds",
          "_ms",
          "_joules",
          "_watts",
          "_celsius",
          "_mhz",
          "_cores",
          "_code");

  @Test
  void names_onThePage_areThoseOfTheCode() throws IOException {
    List<String> page =
        Files.readAllLines(Path.of("docs/telemetry.md")).stream()
            .dropWhile(line -> !line.startsWith("## Names"))
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(page)
        .containsExactlyElementsOf(
            Arrays.stream(TelemetryId.values()).map(TelemetryDocTest::row).toList());
  }

  private static String row(TelemetryId id) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            id.id(),
            id.kind().name().toLowerCase(Locale.ROOT),
            String.join(", ", id.sources().stream().sorted().toList()),
            id.meaning());
  }

  @Test
  void names_endInAUnit() {
    assertThat(Stream.of(TelemetryId.values()).map(TelemetryId::id))
        .allSatisfy(id -> assertThat(UNITS).anyMatch(unit -> id.endsWith(unit)));
  }

  @Test
  void valueOfAnotherSource_isRefused_andOneThatIsNoNumberIsAbsent() {
    Reading reading = new Reading("gpu", Map.of());

    assertThatThrownBy(() -> reading.put(TelemetryId.RSS_BYTES, 1))
        .hasMessage("rss_bytes: Expecting a source of [process]. Found: gpu.");
    reading.put(TelemetryId.POWER_WATTS, Double.NaN);
    reading.put(TelemetryId.ENERGY_JOULES, Double.POSITIVE_INFINITY);
    reading.put(TelemetryId.GPU_CELSIUS, (Double) null);
    assertThat(reading.isEmpty()).isTrue();
  }
}
