package llmload.telemetry.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.software.os.CgroupInfo;

/**
 * This machine: one reading of the whole, one for each core (label {@code core}), network interface
 * (label {@code interface}) and disk (label {@code disk}). On Linux from the kernel's own files,
 * elsewhere by OSHI; the control group and the temperature by OSHI everywhere, once a second at
 * most. OSHI gives 0 for what it cannot read; where 0 is no possible answer, it counts as absent.
 */
public final class HostSource implements TelemetrySource {
  /** The source of these readings. */
  public static final String SOURCE = "host";

  private static final double MILLI = 1e-3;
  private static final double NANO = 1e-9;

  /**
   * What a library is asked for changes slowly, and asking takes long. Less than a second, so that
   * looks a second apart never skip it.
   */
  private static final long REST_NANOS = 900_000_000L;

  private final SystemInfo system = new SystemInfo();
  private final HardwareAbstractionLayer hardware = system.getHardware();
  private final CgroupInfo cgroup = system.getOperatingSystem().getCgroupInfo();
  private final LongSupplier nanos;
  private @Nullable LinuxMachine linux;
  private @Nullable CentralProcessor processor;
  private @Nullable List<NetworkIF> networks;
  private @Nullable List<HWDiskStore> disks;
  private long[] lastTicks = new long[0];
  private long[][] lastCoreTicks = new long[0][];
  private @Nullable Long restReadNanos;

  /** A source that begins to count loads now. */
  public HostSource() {
    this(System::nanoTime);
  }

  HostSource(LongSupplier nanos) {
    this.nanos = nanos;
    try {
      linux = new LinuxMachine(Path.of("/proc"), Path.of("/sys/block"));
    } catch (IOException | RuntimeException e) {
      // Another system, or one that hides its files: OSHI knows more ways.
      linux = null;
    }
  }

  @Override
  public String name() {
    return SOURCE;
  }

  @Override
  public List<Reading> read(Duration deadline) {
    List<Reading> readings = fromFiles();
    if (readings == null) {
      readings = fromLibrary();
    }
    long now = nanos.getAsLong();
    Long before = restReadNanos;
    if (before == null || now - before >= REST_NANOS) {
      restReadNanos = now;
      putCgroup(readings.get(0));
      putTemperature(readings.get(0));
    }
    readings.removeIf(Reading::isEmpty);
    return readings;
  }

  @Override
  public void close() {
    LinuxMachine files = linux;
    if (files != null) {
      files.close();
    }
  }

  private @Nullable List<Reading> fromFiles() {
    LinuxMachine files = linux;
    try {
      return files == null ? null : files.readings();
    } catch (IOException | NumberFormatException e) {
      close();
      linux = null;
      return null;
    }
  }

  private List<Reading> fromLibrary() {
    List<Reading> readings = new ArrayList<>();
    Reading whole = new Reading(SOURCE, Map.of());
    CentralProcessor known = processor;
    if (known == null) {
      known = hardware.getProcessor();
      processor = known;
      lastTicks = known.getSystemCpuLoadTicks();
      lastCoreTicks = known.getProcessorCpuLoadTicks();
    }
    putCpu(known, whole);
    putMemory(whole);
    readings.add(whole);
    addCores(known, readings);
    addNetworks(readings);
    addDisks(readings);
    return readings;
  }

  private void putCpu(CentralProcessor processor, Reading whole) {
    long[] ticks = processor.getSystemCpuLoadTicks();
    whole.put(TelemetryId.CPU_BUSY_RATIO, busy(lastTicks, ticks));
    lastTicks = ticks;
    whole.put(TelemetryId.CORES_COUNT, processor.getLogicalProcessorCount());
    whole.put(TelemetryId.CPU_USER_SECONDS, seconds(ticks, TickType.USER, TickType.NICE));
    whole.put(
        TelemetryId.CPU_SYSTEM_SECONDS,
        seconds(ticks, TickType.SYSTEM, TickType.IRQ, TickType.SOFTIRQ));
    whole.put(TelemetryId.CPU_IDLE_SECONDS, seconds(ticks, TickType.IDLE));
    whole.put(TelemetryId.CPU_IOWAIT_SECONDS, seconds(ticks, TickType.IOWAIT));
    whole.put(TelemetryId.CPU_STEAL_SECONDS, seconds(ticks, TickType.STEAL));
  }

  private void putTemperature(Reading whole) {
    double celsius = hardware.getSensors().getCpuTemperature();
    whole.put(TelemetryId.CPU_CELSIUS, celsius > 0 ? Double.valueOf(celsius) : null);
  }

  private void putMemory(Reading whole) {
    GlobalMemory memory = hardware.getMemory();
    if (memory.getTotal() > 0) {
      whole.put(TelemetryId.MEMORY_TOTAL_BYTES, memory.getTotal());
      whole.put(TelemetryId.MEMORY_USED_BYTES, memory.getTotal() - memory.getAvailable());
      whole.put(TelemetryId.SWAP_USED_BYTES, memory.getVirtualMemory().getSwapUsed());
    }
  }

  private void putCgroup(Reading whole) {
    if (!cgroup.isContainerized() && cgroup.getCpuUsage() <= 0) {
      return;
    }
    whole.put(
        TelemetryId.CGROUP_CPU_SECONDS,
        cgroup.getCpuUsage() > 0 ? Double.valueOf(cgroup.getCpuUsage() * NANO) : null);
    long quota = cgroup.getCpuQuota();
    long period = cgroup.getCpuPeriod();
    whole.put(
        TelemetryId.CGROUP_CPU_LIMIT_CORES,
        quota > 0 && period > 0 ? Double.valueOf(quota / (double) period) : null);
    if (cgroup.getMemoryUsage() > 0) {
      whole.put(TelemetryId.CGROUP_MEMORY_USED_BYTES, cgroup.getMemoryUsage());
    }
    long limit = cgroup.getMemoryLimit();
    // A group of version 1 without a limit has one of nearly 2^63.
    if (limit > 0 && limit < Long.MAX_VALUE - (1L << 20)) {
      whole.put(TelemetryId.CGROUP_MEMORY_LIMIT_BYTES, limit);
    }
  }

  private void addCores(CentralProcessor processor, List<Reading> readings) {
    long[][] ticks = processor.getProcessorCpuLoadTicks();
    for (int i = 0; i < ticks.length && i < lastCoreTicks.length; i++) {
      Reading core = new Reading(SOURCE, Map.of("core", Integer.toString(i)));
      core.put(TelemetryId.CPU_BUSY_RATIO, busy(lastCoreTicks[i], ticks[i]));
      readings.add(core);
    }
    lastCoreTicks = ticks;
  }

  private void addNetworks(List<Reading> readings) {
    List<NetworkIF> found = networks;
    if (found == null) {
      found = hardware.getNetworkIFs(true);
      networks = found;
    }
    for (NetworkIF network : found) {
      if (network.updateAttributes()) {
        Reading reading = new Reading(SOURCE, Map.of("interface", network.getName()));
        reading.put(TelemetryId.NETWORK_RECEIVED_BYTES, network.getBytesRecv());
        reading.put(TelemetryId.NETWORK_SENT_BYTES, network.getBytesSent());
        readings.add(reading);
      }
    }
  }

  private void addDisks(List<Reading> readings) {
    List<HWDiskStore> found = disks;
    if (found == null) {
      found = hardware.getDiskStores();
      disks = found;
    }
    for (HWDiskStore disk : found) {
      if (disk.updateAttributes()) {
        Reading reading = new Reading(SOURCE, Map.of("disk", disk.getName()));
        reading.put(TelemetryId.DISK_READ_BYTES, disk.getReadBytes());
        reading.put(TelemetryId.DISK_WRITTEN_BYTES, disk.getWriteBytes());
        reading.put(TelemetryId.DISK_BUSY_SECONDS, Double.valueOf(disk.getTransferTime() * MILLI));
        readings.add(reading);
      }
    }
  }

  private static Double seconds(long[] ticks, TickType... types) {
    long sum = 0;
    for (TickType type : types) {
      sum += ticks[type.getIndex()];
    }
    return sum * MILLI;
  }

  /** The share that was not idle; {@code null} if no tick has passed. */
  static @Nullable Double busy(long[] before, long[] after) {
    long all = 0;
    for (int i = 0; i < after.length; i++) {
      all += Math.max(0, after[i] - before[i]);
    }
    long idle =
        Math.max(0, after[TickType.IDLE.getIndex()] - before[TickType.IDLE.getIndex()])
            + Math.max(0, after[TickType.IOWAIT.getIndex()] - before[TickType.IOWAIT.getIndex()]);
    return all == 0 ? null : Double.valueOf((all - idle) / (double) all);
  }
}
