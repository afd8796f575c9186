package llmload.telemetry.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.software.os.OSProcess;

/** Linux' files as proc(5) has them; numbers by hand, and by OSHI for this machine's own. */
class LinuxFilesTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path root;
  private Path proc;

  @BeforeEach
  void files() throws IOException {
    proc = Files.createDirectories(root.resolve("proc"));
    stat("cpu  300 100 50 1000 40 5 5 20 7 0", "cpu0 200 100 30 400 10 5 5 10 7 0");
    write(
        "meminfo",
        """
        MemTotal:        8000 kB
        MemFree:          100 kB
        MemAvailable:    3000 kB
        SwapTotal:       2000 kB
        SwapFree:         500 kB
        """);
    write(
        "net/dev",
        """
        Inter-|   Receive                        |  Transmit
         face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop
            lo: 11 1 0 0 0 0 0 0 22 2 0 0 0 0 0 0
        eth0:169528106259 40 0 0 0 0 0 0 77 5 0 0 0 0 0 0
        """);
    write(
        "diskstats",
        """
           7       0 loop0 9 9 9 9 9 9 9 9 9 9 9
         254       0 vda 100 0 4 30 200 0 6 50 0 2500 80 0 0 0 0
         254       1 vda1 100 0 4 30 200 0 6 50 0 2500 80 0 0 0 0
        """);
    Files.createDirectories(root.resolve("block/vda"));
    Files.createDirectories(root.resolve("block/loop0"));
  }

  private void write(String name, String text) throws IOException {
    Path file = proc.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private void stat(String... lines) throws IOException {
    write("stat", String.join("\n", lines) + "\nintr 5 0\nctxt 9\n");
  }

  private static Reading of(List<Reading> readings, Map<String, String> labels) {
    return readings.stream().filter(r -> r.labels().equals(labels)).findFirst().orElseThrow();
  }

  private static double required(Reading reading, TelemetryId id) {
    return Objects.requireNonNull(reading.value(id), id.id());
  }

  @Test
  void machine_isReadAsProcHasIt() throws IOException {
    List<Reading> readings = new LinuxMachine(proc, root.resolve("block")).readings();
    Reading whole = readings.get(0);

    // Hundredths of a second: user 300 and nice 100; system 50, interrupts 5 and 5.
    assertThat(required(whole, TelemetryId.CPU_USER_SECONDS)).isEqualTo(4.0);
    assertThat(required(whole, TelemetryId.CPU_SYSTEM_SECONDS)).isCloseTo(0.6, within(1e-9));
    assertThat(required(whole, TelemetryId.CPU_IDLE_SECONDS)).isEqualTo(10.0);
    assertThat(required(whole, TelemetryId.CPU_IOWAIT_SECONDS)).isEqualTo(0.4);
    assertThat(required(whole, TelemetryId.CPU_STEAL_SECONDS)).isEqualTo(0.2);
    assertThat(required(whole, TelemetryId.CORES_COUNT)).isEqualTo(1);
    assertThat(required(whole, TelemetryId.MEMORY_TOTAL_BYTES)).isEqualTo(8_192_000);
    assertThat(required(whole, TelemetryId.MEMORY_USED_BYTES)).isEqualTo(5_120_000);
    assertThat(required(whole, TelemetryId.SWAP_USED_BYTES)).isEqualTo(1_536_000);
    Reading eth0 = of(readings, Map.of("interface", "eth0"));
    assertThat(required(eth0, TelemetryId.NETWORK_RECEIVED_BYTES)).isEqualTo(169_528_106_259.0);
    assertThat(required(eth0, TelemetryId.NETWORK_SENT_BYTES)).isEqualTo(77);
    Reading disk = of(readings, Map.of("disk", "/dev/vda"));
    assertThat(required(disk, TelemetryId.DISK_READ_BYTES)).isEqualTo(2_048);
    assertThat(required(disk, TelemetryId.DISK_WRITTEN_BYTES)).isEqualTo(3_072);
    assertThat(required(disk, TelemetryId.DISK_BUSY_SECONDS)).isEqualTo(2.5);
    assertThat(readings.stream().filter(r -> r.labels().containsKey("disk"))).hasSize(1);
  }

  @Test
  void machineOfManyCores_isReadWhole() throws IOException {
    String[] lines = new String[301];
    lines[0] = "cpu  330 100 60 1050 50 5 5 20 7 0";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = "cpu" + (i - 1) + " 200 100 30 450 10 5 5 10 7 0";
    }
    stat(lines);

    try (LinuxMachine machine = new LinuxMachine(proc, root.resolve("block"))) {
      // Some 11 KB, twice from the begin.
      for (int look = 1; look <= 2; look++) {
        assertThat(required(machine.readings().get(0), TelemetryId.CORES_COUNT)).isEqualTo(300);
      }
    }
  }

  @Test
  void load_isThatSinceTheLookBefore() throws IOException {
    LinuxMachine machine = new LinuxMachine(proc, root.resolve("block"));
    stat("cpu  330 100 60 1050 50 5 5 20 7 0", "cpu0 200 100 30 450 10 5 5 10 7 0");

    List<Reading> readings = machine.readings();

    // 40 of 100 ticks; the first core only idled.
    assertThat(required(readings.get(0), TelemetryId.CPU_BUSY_RATIO)).isCloseTo(0.4, within(1e-9));
    assertThat(required(of(readings, Map.of("core", "0")), TelemetryId.CPU_BUSY_RATIO)).isZero();
  }

  @Test
  void process_isReadAsProcHasIt_whateverItIsCalled() throws IOException {
    String behind = " S 1 1 1 0 -1 0 0 0 0 0 %d 50 0 0 20 0 7 0 %d 0 0 0\n";
    write("42/stat", "42 (a (b) c)" + behind.formatted(250, 9_000));
    write("42/status", "Name:\ta\nVmPeak:\t  9 kB\nVmRSS:\t  2048 kB\nThreads:\t7\n");
    LinuxProcess process = new LinuxProcess(proc.resolve("42"));
    Reading first = Objects.requireNonNull(process.read(0));
    write("42/stat", "42 (a (b) c)" + behind.formatted(400, 9_000));
    Reading second = Objects.requireNonNull(process.read(2 * SECOND));

    assertThat(first.labels()).isEqualTo(Map.of("pid", "42", "name", "a (b) c"));
    assertThat(required(first, TelemetryId.CPU_SECONDS)).isEqualTo(3.0);
    assertThat(first.value(TelemetryId.CPU_CORES)).isNull();
    assertThat(required(first, TelemetryId.RSS_BYTES)).isEqualTo(2_097_152);
    assertThat(required(first, TelemetryId.THREADS_COUNT)).isEqualTo(7);
    // Neither the open files nor the disks may be read: absent, not 0.
    assertThat(first.value(TelemetryId.OPEN_FILES_COUNT)).isNull();
    assertThat(first.value(TelemetryId.DISK_READ_BYTES)).isNull();
    // 1.5 s of processor time in 2 s.
    assertThat(required(second, TelemetryId.CPU_CORES)).isCloseTo(0.75, within(1e-9));
    write("42/stat", "42 (other)" + behind.formatted(1, 9_777));
    assertThat(process.read(3 * SECOND)).isNull();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisMachine_isWhatOshiSaysOfIt() throws IOException {
    HardwareAbstractionLayer hardware = new SystemInfo().getHardware();
    Reading whole = new LinuxMachine(Path.of("/proc"), Path.of("/sys/block")).readings().get(0);

    assertThat(required(whole, TelemetryId.CORES_COUNT))
        .isEqualTo(hardware.getProcessor().getLogicalProcessorCount());
    assertThat(required(whole, TelemetryId.MEMORY_TOTAL_BYTES))
        .isEqualTo((double) hardware.getMemory().getTotal());
    long[] ticks = hardware.getProcessor().getSystemCpuLoadTicks();
    assertThat(required(whole, TelemetryId.CPU_IDLE_SECONDS))
        .isCloseTo(ticks[3] / 1_000.0, within(60.0));
    long pid = ProcessHandle.current().pid();
    OSProcess own =
        Objects.requireNonNull(
            new SystemInfo().getOperatingSystem().getProcess(Math.toIntExact(pid)));
    Reading process =
        Objects.requireNonNull(new LinuxProcess(Path.of("/proc", Long.toString(pid))).read(0));
    assertThat(required(process, TelemetryId.RSS_BYTES))
        .isCloseTo((double) own.getResidentMemory(), within(2e8));
    assertThat(required(process, TelemetryId.CPU_SECONDS))
        .isCloseTo((own.getKernelTime() + own.getUserTime()) / 1_000.0, within(20.0));
  }
}
