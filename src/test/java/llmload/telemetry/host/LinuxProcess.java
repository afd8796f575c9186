package llmload.telemetry.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.model.TelemetryId;
import llmload.telemetry.Reading;
import org.jspecify.annotations.Nullable;

/**
 * One process by its folder in Linux' process file system. Source: proc(5).
 *
 * <p>Its open files are counted one by one, so that happens once a second at most.
 */
final class LinuxProcess implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100;
  private static final double NANOS = 1e9;
  private static final long COUNT_EACH_NANOS = 1_000_000_000L;

  /** Places of the words behind the name in {@code stat}: utime, stime, threads, start. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;
  private static final int THREADS = 17;
  private static final int START = 19;

  private final Path folder;
  private final ProcFile stat;
  private final ProcFile status;
  private final ProcFile io;
  private @Nullable String started;
  private @Nullable Double lastSeconds;
  private long lastNanos;
  private @Nullable Long openFiles;
  private long countedNanos;

  LinuxProcess(Path folder) {
    this.folder = folder;
    this.stat = new ProcFile(folder.resolve("stat"));
    this.status = new ProcFile(folder.resolve("status"));
    this.io = new ProcFile(folder.resolve("io"));
  }

  /**
   * What it says now; {@code null} if another process has its number.
   *
   * @param nanos the moment, on any steady clock
   * @throws IOException if it is gone or may not be read
   */
  @Nullable Reading read(long nanos) throws IOException {
    String text = stat.read();
    // The name may hold blanks and brackets of its own.
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    List<String> words = ProcText.words(text.substring(close + 1).strip());
    String start = words.get(START);
    if (started != null && !started.equals(start)) {
      return null;
    }
    started = start;
    Reading reading =
        new Reading(
            ProcessSource.SOURCE,
            Map.of(
                "pid",
                String.valueOf(folder.getFileName()),
                "name",
                text.substring(open + 1, close)));
    double seconds =
        (Long.parseLong(words.get(USER)) + Long.parseLong(words.get(SYSTEM))) / TICKS_PER_SECOND;
    reading.put(TelemetryId.CPU_SECONDS, Double.valueOf(seconds));
    Double before = lastSeconds;
    if (before != null && nanos > lastNanos) {
      reading.put(
          TelemetryId.CPU_CORES,
          Double.valueOf((seconds - before) / ((nanos - lastNanos) / NANOS)));
    }
    lastSeconds = seconds;
    lastNanos = nanos;
    reading.put(TelemetryId.THREADS_COUNT, Long.parseLong(words.get(THREADS)));
    long resident = ProcText.bytesOf(status.read(), "VmRSS");
    if (resident > 0) {
      reading.put(TelemetryId.RSS_BYTES, resident);
    }
    putFiles(reading, nanos);
    putDisks(reading);
    return reading;
  }

  private void putFiles(Reading reading, long nanos) {
    if (openFiles == null || nanos - countedNanos >= COUNT_EACH_NANOS) {
      countedNanos = nanos;
      try (Stream<Path> files = Files.list(folder.resolve("fd"))) {
        openFiles = files.count();
      } catch (IOException e) {
        // Of another user's process nobody may know it.
        openFiles = 0L;
      }
    }
    Long count = openFiles;
    if (count != null && count > 0) {
      reading.put(TelemetryId.OPEN_FILES_COUNT, count);
    }
  }

  private void putDisks(Reading reading) {
    try {
      for (String line : io.read().split("\n", -1)) {
        List<String> words = ProcText.words(line);
        if (words.size() == 2 && words.get(0).equals("read_bytes:")) {
          reading.put(TelemetryId.DISK_READ_BYTES, Long.parseLong(words.get(1)));
        } else if (words.size() == 2 && words.get(0).equals("write_bytes:")) {
          reading.put(TelemetryId.DISK_WRITTEN_BYTES, Long.parseLong(words.get(1)));
        }
      }
    } catch (IOException e) {
      // Of another user's process nobody may know it: absent, not 0.
      return;
    }
  }

  @Override
  public void close() {
    stat.close();
    status.close();
    io.close();
  }
}
