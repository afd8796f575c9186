package llmload.telemetry.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/**
 * The energy of this machine's processors by RAPL: one reading for each package, and for each
 * memory controller below one (label {@code zone}). Zones inside a package and the platform's are
 * left out, since they count the same energy again.
 *
 * <p>The kernel's register, in microjoules, starts again at 0 beyond {@code max_energy_range_uj};
 * each fall adds that range, so two looks must be less than a turn apart: about a minute at 500 W.
 * Source: Linux, Documentation/power/powercap. Since 2020 most systems let only root read it.
 */
public final class RaplSource implements TelemetrySource {
  /** Where Linux has it. */
  public static final Path ROOT = Path.of("/sys/class/powercap");

  private static final double MICRO = 1e-6;

  private final Path root;
  private final Map<String, Zone> zones = new TreeMap<>();

  /** A source below {@code root}, in the layout of {@link #ROOT}. */
  public RaplSource(Path root) {
    this.root = root;
  }

  @Override
  public String name() {
    return "host rapl";
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException {
    try {
      if (zones.isEmpty()) {
        find();
      }
      if (zones.isEmpty()) {
        throw SourceException.lasting(
            MissReason.NOT_AVAILABLE, "no RAPL here: none in this machine, or hidden by it");
      }
      List<Reading> readings = new ArrayList<>();
      for (Map.Entry<String, Zone> zone : zones.entrySet()) {
        Reading reading = new Reading(HostSource.SOURCE, Map.of("zone", zone.getKey()));
        reading.put(TelemetryId.ENERGY_JOULES, Double.valueOf(zone.getValue().read() * MICRO));
        readings.add(reading);
      }
      return readings;
    } catch (AccessDeniedException e) {
      throw SourceException.lasting(
          MissReason.NO_PERMISSION, "RAPL may be read by root alone: " + e.getMessage());
    } catch (IOException | NumberFormatException e) {
      throw SourceException.passing(MissReason.UNREACHABLE, "RAPL: " + e);
    }
  }

  private void find() throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(root, "intel-rapl:*")) {
      for (Path zone : found) {
        String[] place = zone.getFileName().toString().split(":", -1);
        String name = text(zone.resolve("name"));
        if (place.length == 2 && name.startsWith("package-")) {
          zones.put(name, new Zone(zone));
        } else if (place.length == 3 && name.equals("dram")) {
          String parent = text(root.resolve(place[0] + ":" + place[1]).resolve("name"));
          zones.put(parent + "/dram", new Zone(zone));
        }
      }
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** One register, its turns added up. */
  private static final class Zone {
    private final Path folder;
    private final long rangeMicrojoules;
    private @Nullable Long last;
    private long turnsMicrojoules;

    Zone(Path folder) throws IOException {
      this.folder = folder;
      this.rangeMicrojoules = Long.parseLong(text(folder.resolve("max_energy_range_uj")));
    }

    double read() throws IOException {
      long now = Long.parseLong(text(folder.resolve("energy_uj")));
      Long before = last;
      if (before != null && now < before) {
        turnsMicrojoules += rangeMicrojoules;
      }
      last = now;
      return turnsMicrojoules + now;
    }
  }
}
