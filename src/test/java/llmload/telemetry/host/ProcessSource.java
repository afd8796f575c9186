package llmload.telemetry.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * A process of this machine: the server under test, where it runs here. Labels: {@code pid}, {@code
 * name}. A server that spreads over several processes is told of by the one that is named.
 *
 * <p>A process that was named is told as gone for good once it is. One that was found by its port
 * is looked up again every ten seconds, since all sockets and open files of the machine are gone
 * through for it: a server that starts late or anew is read from then on, by its new {@code pid}.
 */
public final class ProcessSource implements TelemetrySource {
  /** The source of these readings. */
  public static final String SOURCE = "process";

  private static final double MILLI = 1e-3;
  private static final long REST_NANOS = 10_000_000_000L;

  private final OperatingSystem system;
  private final String name;
  private final @Nullable Listener listener;
  private final LongSupplier nanos;
  private @Nullable Long soughtNanos;
  private int pid;
  private @Nullable LinuxProcess linux;
  private @Nullable OSProcess before;

  /** Who listens on a port. */
  interface Listener {
    /** The id of the process; empty if there is none, or none that may be known. */
    OptionalInt pid();
  }

  private ProcessSource(
      String name,
      int pid,
      @Nullable Listener listener,
      OperatingSystem system,
      LongSupplier nanos) {
    this.name = name;
    this.pid = pid;
    this.listener = listener;
    this.system = system;
    this.nanos = nanos;
  }

  /** The process of this id. */
  public static ProcessSource ofPid(int pid) {
    return new ProcessSource("process " + pid, pid, null, thisSystem(), System::nanoTime);
  }

  /**
   * The process that listens on a TCP port of this machine, as far as this user may know it.
   *
   * @param nanos the sampler's clock
   */
  public static ProcessSource ofPort(int port, LongSupplier nanos) {
    OperatingSystem system = thisSystem();
    return new ProcessSource(nameOf(port), 0, () -> listening(system, port), system, nanos);
  }

  /** The process that {@code listener} says listens on a port. */
  static ProcessSource ofListener(int port, Listener listener, LongSupplier nanos) {
    return new ProcessSource(nameOf(port), 0, listener, thisSystem(), nanos);
  }

  private static OperatingSystem thisSystem() {
    return new SystemInfo().getOperatingSystem();
  }

  private static String nameOf(int port) {
    return "process on port " + port;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException {
    Listener unnamed = listener;
    if (pid == 0 && unnamed != null) {
      pid = sought(unnamed);
    }
    Reading told = fromFiles();
    return List.of(told == null ? fromLibrary() : told);
  }

  @Override
  public void close() {
    forget();
  }

  private void forget() {
    LinuxProcess files = linux;
    if (files != null) {
      files.close();
    }
    linux = null;
    before = null;
  }

  /** {@code null} where there are no such files. */
  private @Nullable Reading fromFiles() throws SourceException {
    LinuxProcess known = linux;
    if (known == null && Files.isReadable(Path.of("/proc/self/stat"))) {
      known = new LinuxProcess(Path.of("/proc", Integer.toString(pid)));
      linux = known;
    }
    if (known == null) {
      return null;
    }
    try {
      Reading reading = known.read(System.nanoTime());
      if (reading == null) {
        throw gone();
      }
      return reading;
    } catch (IOException e) {
      throw gone();
    }
  }

  private SourceException gone() {
    String message = "no process " + pid + " any more";
    if (listener == null) {
      return SourceException.lasting(MissReason.UNREACHABLE, message);
    }
    forget();
    pid = 0;
    return SourceException.passing(MissReason.UNREACHABLE, message);
  }

  private Reading fromLibrary() throws SourceException {
    OSProcess now = system.getProcess(pid);
    if (now == null || (before != null && now.getStartTime() != before.getStartTime())) {
      throw gone();
    }
    Reading reading =
        new Reading(SOURCE, Map.of("pid", Integer.toString(pid), "name", now.getName()));
    if (now.getResidentMemory() > 0) {
      reading.put(TelemetryId.RSS_BYTES, now.getResidentMemory());
    }
    reading.put(
        TelemetryId.CPU_SECONDS, Double.valueOf((now.getKernelTime() + now.getUserTime()) * MILLI));
    OSProcess last = before;
    if (last != null && now.getUpTime() > last.getUpTime()) {
      reading.put(TelemetryId.CPU_CORES, now.getProcessCpuLoadBetweenTicks(last));
    }
    reading.put(TelemetryId.THREADS_COUNT, now.getThreadCount());
    if (now.getOpenFiles() > 0) {
      reading.put(TelemetryId.OPEN_FILES_COUNT, now.getOpenFiles());
    }
    reading.put(TelemetryId.DISK_READ_BYTES, now.getBytesRead());
    reading.put(TelemetryId.DISK_WRITTEN_BYTES, now.getBytesWritten());
    before = now;
    return reading;
  }

  private int sought(Listener unnamed) throws SourceException {
    long now = nanos.getAsLong();
    Long last = soughtNanos;
    if (last == null || now - last >= REST_NANOS) {
      soughtNanos = now;
      OptionalInt found = unnamed.pid();
      if (found.isPresent()) {
        return found.getAsInt();
      }
    }
    throw SourceException.passing(
        MissReason.NO_PERMISSION,
        "not known which "
            + name
            + " listens, if any; in a container or of another user it cannot be seen. Name it in"
            + " telemetry.serverPid");
  }

  private static OptionalInt listening(OperatingSystem system, int port) {
    return system.getInternetProtocolStats().getConnections().stream()
        .filter(open -> open.getState() == TcpState.LISTEN && open.getLocalPort() == port)
        .mapToInt(IPConnection::getowningProcessId)
        .filter(id -> id > 0)
        .findFirst();
  }
}
