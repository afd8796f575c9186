package llmload.telemetry.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import oshi.hardware.CentralProcessor.TickType;

class HostSourcesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long NANOS = 1_000_000_000L;

  @TempDir private Path powercap;

  private static double required(Reading reading, TelemetryId id) {
    return Objects.requireNonNull(reading.value(id), id.id());
  }

  private void zone(String folder, String name, long microjoules, long range) throws IOException {
    Path zone = Files.createDirectories(powercap.resolve(folder));
    Files.writeString(zone.resolve("name"), name + "\n");
    Files.writeString(zone.resolve("max_energy_range_uj"), range + "\n");
    Files.writeString(zone.resolve("energy_uj"), microjoules + "\n");
  }

  private void energy(String folder, long microjoules) throws IOException {
    Files.writeString(powercap.resolve(folder).resolve("energy_uj"), microjoules + "\n");
  }

  @Test
  void raplRegisterThatTurns_goesOnGrowing() throws IOException, SourceException {
    zone("intel-rapl:0", "package-0", 900_000_000, 1_000_000_000);
    RaplSource source = new RaplSource(powercap);

    // 900 J; then 200 J of the next turn of 1000 J; then 100 J of the one after.
    assertThat(joules(source)).isCloseTo(900, within(1e-9));
    energy("intel-rapl:0", 200_000_000);
    assertThat(joules(source)).isCloseTo(1200, within(1e-9));
    energy("intel-rapl:0", 100_000_000);
    assertThat(joules(source)).isCloseTo(2100, within(1e-9));
    energy("intel-rapl:0", 100_000_000);
    assertThat(joules(source)).isCloseTo(2100, within(1e-9));
  }

  private static double joules(RaplSource source) throws SourceException {
    return required(source.read(PATIENCE).get(0), TelemetryId.ENERGY_JOULES);
  }

  @Test
  void raplZones_areThePackagesAndTheirMemory_nothingTwice() throws IOException, SourceException {
    zone("intel-rapl:0", "package-0", 10, 100);
    zone("intel-rapl:0:0", "core", 9, 100);
    zone("intel-rapl:0:1", "dram", 3, 100);
    zone("intel-rapl:1", "package-1", 20, 100);
    zone("intel-rapl:2", "psys", 99, 100);

    assertThat(new RaplSource(powercap).read(PATIENCE))
        .extracting(reading -> reading.labels().get("zone"))
        .containsExactly("package-0", "package-0/dram", "package-1");
  }

  @Test
  void noRapl_isToldAndNotAskedAgain() {
    SourceException fault =
        catchThrowableOfType(SourceException.class, () -> new RaplSource(powercap).read(PATIENCE));

    assertThat(fault.reason()).isEqualTo(MissReason.NOT_AVAILABLE);
    assertThat(fault.isLasting()).isTrue();
  }

  @Test
  void busyShare_leavesIdleAndDiskWaitOut() {
    long[] before = new long[TickType.values().length];
    long[] after = before.clone();
    after[TickType.USER.getIndex()] = 300;
    after[TickType.SYSTEM.getIndex()] = 100;
    after[TickType.IDLE.getIndex()] = 500;
    after[TickType.IOWAIT.getIndex()] = 100;

    // 400 of 1000.
    assertThat(HostSource.busy(before, after)).isEqualTo(0.4);
    assertThat(HostSource.busy(after, after)).isNull();
  }

  @Test
  void thisMachine_hasMemoryAndCores() {
    List<Reading> readings = new HostSource().read(PATIENCE);
    Reading whole = readings.get(0);

    assertThat(whole.labels()).isEmpty();
    assertThat(required(whole, TelemetryId.CORES_COUNT))
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(required(whole, TelemetryId.MEMORY_USED_BYTES))
        .isBetween(1e6, required(whole, TelemetryId.MEMORY_TOTAL_BYTES));
    assertThat(required(whole, TelemetryId.CPU_USER_SECONDS)).isPositive();
    assertThat(readings)
        .allSatisfy(
            reading -> {
              Double busy = reading.value(TelemetryId.CPU_BUSY_RATIO);
              assertThat(busy == null || (busy >= 0 && busy <= 1)).isTrue();
            });
  }

  @Test
  void ownProcess_isReadByItsId() throws SourceException {
    int pid = Math.toIntExact(ProcessHandle.current().pid());
    ProcessSource source = ProcessSource.ofPid(pid);
    Reading reading = source.read(PATIENCE).get(0);

    assertThat(reading.labels()).containsEntry("pid", Integer.toString(pid));
    // This heap alone is megabytes; the machine's memory bounds it.
    assertThat(required(reading, TelemetryId.RSS_BYTES)).isBetween(1e7, 1e12);
    assertThat(required(reading, TelemetryId.CPU_SECONDS)).isPositive();
    assertThat(required(reading, TelemetryId.THREADS_COUNT)).isGreaterThan(3);
    assertThat(reading.value(TelemetryId.CPU_CORES)).isNull();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ownProcess_isFoundByItsPort() throws IOException, SourceException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProcessSource source = ProcessSource.ofPort(socket.getLocalPort(), System::nanoTime);

      assertThat(source.read(PATIENCE).get(0).labels())
          .containsEntry("pid", Long.toString(ProcessHandle.current().pid()));
    }
  }

  @Test
  void processThatIsGone_isToldAndNotAskedAgain() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .start();
    int pid = Math.toIntExact(process.pid());
    int unused = process.waitFor();
    SourceException fault =
        catchThrowableOfType(SourceException.class, () -> ProcessSource.ofPid(pid).read(PATIENCE));

    assertThat(fault.reason()).isEqualTo(MissReason.UNREACHABLE);
    assertThat(fault.isLasting()).isTrue();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void portThatOpensLater_isLookedUpEveryTenSeconds() throws IOException, SourceException {
    AtomicLong clock = new AtomicLong(-4);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    ProcessSource source = ProcessSource.ofPort(port, clock::get);

    assertThat(fault(source))
        .hasMessageStartingWith("not known which process on port " + port + " listens")
        .extracting(SourceException::isLasting)
        .isEqualTo(false);
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      clock.addAndGet(10 * NANOS - 1);
      assertThat(fault(source).reason()).isEqualTo(MissReason.NO_PERMISSION);
      clock.addAndGet(1);
      assertThat(source.read(PATIENCE).get(0).labels())
          .as("port %d", socket.getLocalPort())
          .containsEntry("pid", Long.toString(ProcessHandle.current().pid()));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void serverThatStartsAnew_isReadByItsNewId()
      throws IOException, InterruptedException, SourceException {
    AtomicLong clock = new AtomicLong();
    AtomicInteger looked = new AtomicInteger();
    AtomicInteger listener = new AtomicInteger();
    Process old = waiting();
    Process anew = waiting();
    try {
      ProcessSource source =
          ProcessSource.ofListener(
              80,
              () -> {
                looked.incrementAndGet();
                return listener.get() == 0 ? OptionalInt.empty() : OptionalInt.of(listener.get());
              },
              clock::get);
      listener.set(Math.toIntExact(old.pid()));
      assertThat(pid(source)).isEqualTo(old.pid());
      clock.addAndGet(60 * NANOS);
      assertThat(pid(source)).isEqualTo(old.pid());
      // One that is there is not looked up again.
      assertThat(looked).hasValue(1);

      listener.set(0);
      end(old);
      assertThat(fault(source))
          .hasMessage("no process " + old.pid() + " any more")
          .extracting(SourceException::reason, SourceException::isLasting)
          .containsExactly(MissReason.UNREACHABLE, false);
      for (int look = 0; look < 100; look++) {
        assertThat(fault(source).isLasting()).isFalse();
        clock.addAndGet(NANOS / 10);
      }
      // At once, and not again within the 9.9 s from there to the last look.
      assertThat(looked).hasValue(2);
      listener.set(Math.toIntExact(anew.pid()));
      assertThat(pid(source)).isEqualTo(anew.pid());
      assertThat(looked).hasValue(3);
    } finally {
      end(old);
      end(anew);
    }
  }

  private static SourceException fault(ProcessSource source) {
    return catchThrowableOfType(SourceException.class, () -> source.read(PATIENCE));
  }

  private static long pid(ProcessSource source) throws SourceException {
    return Long.parseLong(source.read(PATIENCE).get(0).labels().getOrDefault("pid", ""));
  }

  /** A process that waits for its input to end. */
  private static Process waiting() throws IOException {
    return new ProcessBuilder("cat").start();
  }

  private static void end(Process process) throws InterruptedException {
    int unused = process.destroyForcibly().waitFor();
  }
}
