package llmload.telemetry.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.jspecify.annotations.Nullable;
import oshi.hardware.CentralProcessor.TickType;

/**
 * This machine's processors, memory, networks and disks from four files of Linux' process file
 * system: a thirtieth of what asking a library for each of them costs.
 *
 * <p>Source: proc(5). Times there are in hundredths of a second on every architecture that Java 17
 * runs on; sectors are 512 bytes whatever the disk's own are.
 */
final class LinuxMachine implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100;
  private static final long SECTOR_BYTES = 512;
  private static final double MILLI = 1e-3;
  private static final int NETWORK_HEAD_LINES = 2;
  private static final int NETWORK_WORDS = 9;
  private static final int DISK_WORDS = 13;
  private static final List<TickType> ORDER =
      List.of(
          TickType.USER,
          TickType.NICE,
          TickType.SYSTEM,
          TickType.IDLE,
          TickType.IOWAIT,
          TickType.IRQ,
          TickType.SOFTIRQ,
          TickType.STEAL);

  private final ProcFile stat;
  private final ProcFile memory;
  private final ProcFile networks;
  private final @Nullable ProcFile diskStats;
  private final Set<String> disks;
  private final Map<String, long[]> lastTicks = new HashMap<>();

  /**
   * @param proc where the process file system is
   * @param block the folder of which each entry is a whole disk
   * @throws IOException if this is no Linux, or its files may not be read
   */
  LinuxMachine(Path proc, Path block) throws IOException {
    this.stat = new ProcFile(proc.resolve("stat"));
    this.memory = new ProcFile(proc.resolve("meminfo"));
    this.networks = new ProcFile(proc.resolve("net/dev"));
    this.disks = disks(block);
    Path told = proc.resolve("diskstats");
    this.diskStats = disks.isEmpty() || !Files.isReadable(told) ? null : new ProcFile(told);
    try {
      List<Reading> unused = readings();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Set<String> disks(Path block) throws IOException {
    if (!Files.isDirectory(block)) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(block)) {
      Set<String> names = new TreeSet<>();
      entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.matches("(loop|ram|zram)\\d+"))
          .forEach(names::add);
      return names;
    }
  }

  /** The whole machine first, then its cores, networks and disks. */
  List<Reading> readings() throws IOException {
    List<Reading> readings = new ArrayList<>();
    Reading whole = new Reading(HostSource.SOURCE, Map.of());
    readings.add(whole);
    addProcessors(whole, readings);
    addMemory(whole);
    addNetworks(readings);
    addDisks(readings);
    return readings;
  }

  private void addProcessors(Reading whole, List<Reading> readings) throws IOException {
    int cores = 0;
    for (String line : stat.read().split("\n", -1)) {
      if (!line.startsWith("cpu")) {
        break;
      }
      List<String> words = ProcText.words(line);
      long[] ticks = ticks(words);
      String name = words.get(0);
      long[] before = lastTicks.put(name, ticks);
      Double busy = before == null ? null : HostSource.busy(before, ticks);
      if (name.equals("cpu")) {
        whole.put(TelemetryId.CPU_BUSY_RATIO, busy);
        putSeconds(whole, ticks);
      } else {
        cores++;
        Reading core = new Reading(HostSource.SOURCE, Map.of("core", name.substring(3)));
        core.put(TelemetryId.CPU_BUSY_RATIO, busy);
        readings.add(core);
      }
    }
    whole.put(TelemetryId.CORES_COUNT, cores);
  }

  private static long[] ticks(List<String> words) {
    long[] ticks = new long[TickType.values().length];
    for (int i = 0; i < ORDER.size() && i + 1 < words.size(); i++) {
      ticks[ORDER.get(i).getIndex()] = Long.parseLong(words.get(i + 1));
    }
    return ticks;
  }

  private static void putSeconds(Reading whole, long[] ticks) {
    whole.put(TelemetryId.CPU_USER_SECONDS, seconds(ticks, TickType.USER, TickType.NICE));
    whole.put(
        TelemetryId.CPU_SYSTEM_SECONDS,
        seconds(ticks, TickType.SYSTEM, TickType.IRQ, TickType.SOFTIRQ));
    whole.put(TelemetryId.CPU_IDLE_SECONDS, seconds(ticks, TickType.IDLE));
    whole.put(TelemetryId.CPU_IOWAIT_SECONDS, seconds(ticks, TickType.IOWAIT));
    whole.put(TelemetryId.CPU_STEAL_SECONDS, seconds(ticks, TickType.STEAL));
  }

  private static Double seconds(long[] ticks, TickType... types) {
    long sum = 0;
    for (TickType type : types) {
      sum += ticks[type.getIndex()];
    }
    return sum / TICKS_PER_SECOND;
  }

  private void addMemory(Reading whole) throws IOException {
    String text = memory.read();
    long total = ProcText.bytesOf(text, "MemTotal");
    long available = ProcText.bytesOf(text, "MemAvailable");
    long swap = ProcText.bytesOf(text, "SwapTotal");
    long swapFree = ProcText.bytesOf(text, "SwapFree");
    if (total > 0) {
      whole.put(TelemetryId.MEMORY_TOTAL_BYTES, total);
    }
    // Kernels before 3.14 do not tell what is available.
    if (total > 0 && available >= 0) {
      whole.put(TelemetryId.MEMORY_USED_BYTES, total - available);
    }
    if (swap >= 0 && swapFree >= 0) {
      whole.put(TelemetryId.SWAP_USED_BYTES, swap - swapFree);
    }
  }

  /** A name and its numbers stand side by side, without a blank where the number is long. */
  private void addNetworks(List<Reading> readings) throws IOException {
    String[] lines = networks.read().split("\n", -1);
    for (int i = NETWORK_HEAD_LINES; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      List<String> words = colon < 0 ? List.of() : ProcText.words(lines[i].substring(colon + 1));
      if (words.size() >= NETWORK_WORDS) {
        Reading network =
            new Reading(
                HostSource.SOURCE, Map.of("interface", lines[i].substring(0, colon).strip()));
        network.put(TelemetryId.NETWORK_RECEIVED_BYTES, Long.parseLong(words.get(0)));
        network.put(TelemetryId.NETWORK_SENT_BYTES, Long.parseLong(words.get(NETWORK_WORDS - 1)));
        readings.add(network);
      }
    }
  }

  private void addDisks(List<Reading> readings) throws IOException {
    if (diskStats == null) {
      return;
    }
    for (String line : diskStats.read().split("\n", -1)) {
      List<String> words = ProcText.words(line);
      if (words.size() >= DISK_WORDS && disks.contains(words.get(2))) {
        Reading disk = new Reading(HostSource.SOURCE, Map.of("disk", "/dev/" + words.get(2)));
        disk.put(TelemetryId.DISK_READ_BYTES, Long.parseLong(words.get(5)) * SECTOR_BYTES);
        disk.put(TelemetryId.DISK_WRITTEN_BYTES, Long.parseLong(words.get(9)) * SECTOR_BYTES);
        disk.put(
            TelemetryId.DISK_BUSY_SECONDS,
            Double.valueOf(Long.parseLong(words.get(DISK_WORDS - 1)) * MILLI));
        readings.add(disk);
      }
    }
  }

  @Override
  public void close() {
    stat.close();
    memory.close();
    networks.close();
    if (diskStats != null) {
      diskStats.close();
    }
  }
}
