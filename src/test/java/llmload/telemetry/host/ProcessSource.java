package llmload.telemetry.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
 */
public final class ProcessSource implements TelemetrySource {
  /** The source of these readings. */
  public static final String SOURCE = "process";

  private static final double MILLI = 1e-3;

  private final OperatingSystem system = new SystemInfo().getOperatingSystem();
  private final String name;
  private final int port;
  private int pid;
  private @Nullable LinuxProcess linux;
  private @Nullable OSProcess before;

  private ProcessSource(String name, int pid, int port) {
    this.name = name;
    this.pid = pid;
    this.port = port;
  }

  /** The process of this id. */
  public static ProcessSource ofPid(int pid) {
    return new ProcessSource("process " + pid, pid, 0);
  }

  /** The process that listens on a TCP port of this machine, as far as this user may know it. */
  public static ProcessSource ofPort(int port) {
    return new ProcessSource("process on port " + port, 0, port);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException {
    if (pid == 0) {
      pid = owner();
    }
    Reading told = fromFiles();
    return List.of(told == null ? fromLibrary() : told);
  }

  @Override
  public void close() {
    LinuxProcess files = linux;
    if (files != null) {
      files.close();
    }
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
    return SourceException.lasting(MissReason.UNREACHABLE, "no process " + pid + " any more");
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

  private int owner() throws SourceException {
    OptionalInt owner =
        system.getInternetProtocolStats().getConnections().stream()
            .filter(open -> open.getState() == TcpState.LISTEN && open.getLocalPort() == port)
            .mapToInt(IPConnection::getowningProcessId)
            .filter(id -> id > 0)
            .findFirst();
    if (owner.isEmpty()) {
      throw SourceException.lasting(
          MissReason.NO_PERMISSION,
          "not known which process listens on port "
              + port
              + "; in a container or of another user it cannot be seen. Name it in"
              + " telemetry.serverPid");
    }
    return owner.getAsInt();
  }
}
