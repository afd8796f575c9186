package llmload.telemetry.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/**
 * A command-line tool of this machine that prints a row for each GPU again and again. A row counts
 * from its own stamp, less the offset of the tool's clock, or else from the moment at which it
 * came. A tool that ends is started again by the next look.
 */
final class StreamingTool implements TelemetrySource {
  private static final int ROWS_KEPT = 10_000;

  /** Makes readings of lines; {@code null} for a line that holds none. */
  interface Parser {
    @Nullable Reading parse(String line);

    /** The row's own stamp, since 1970; {@code null} if it has none. */
    default @Nullable Long stampNanos(String line) {
      return null;
    }
  }

  /** Makes a parser for each start of the tool. */
  interface ParserSource {
    Parser make();
  }

  private final String name;
  private final List<String> command;
  private final ParserSource parsers;
  private final LongSupplier nanos;
  private final BlockingQueue<Reading> rows = new ArrayBlockingQueue<>(ROWS_KEPT);
  private final RowClock clock;
  private @Nullable Process process;
  private volatile String lastWord = "it said nothing";

  StreamingTool(String name, List<String> command, ParserSource parsers, LongSupplier nanos) {
    this.name = name;
    this.command = List.copyOf(command);
    this.parsers = parsers;
    this.nanos = nanos;
    this.clock =
        new RowClock(
            name, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - nanos.getAsLong());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
    Process running = process;
    if (running == null) {
      running = start();
    }
    List<Reading> readings = new ArrayList<>();
    rows.drainTo(readings);
    if (readings.isEmpty()) {
      Reading first = rows.poll(deadline.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        readings.add(first);
        rows.drainTo(readings);
      }
    }
    if (readings.isEmpty()) {
      if (!running.isAlive()) {
        process = null;
        throw SourceException.passing(
            MissReason.UNREACHABLE, command.get(0) + " ended: " + lastWord);
      }
      throw SourceException.passing(
          MissReason.TIMEOUT, "no row within " + deadline.toMillis() + " ms: " + lastWord);
    }
    Reading offset = clock.reading(nanos.getAsLong());
    if (offset != null) {
      readings.add(offset);
    }
    return readings;
  }

  private Process start() throws SourceException {
    Process started;
    try {
      started = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw SourceException.lasting(
          MissReason.NOT_AVAILABLE, "no program " + command.get(0) + " here");
    }
    process = started;
    Parser parser = parsers.make();
    Thread reader = new Thread(() -> drain(started, parser), "llmload-telemetry-rows " + name);
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  private void drain(Process started, Parser parser) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      @Nullable String line;
      while ((line = lines.readLine()) != null) {
        Reading reading = parser.parse(line);
        if (reading == null) {
          lastWord = line.isBlank() ? lastWord : line.strip();
        } else {
          long came = nanos.getAsLong();
          Long own = parser.stampNanos(line);
          reading.takenAt(own == null ? came : clock.stamp(own, came));
          // Rows that nobody fetches are dropped, and so are missed.
          boolean unused = rows.offer(reading);
        }
      }
    } catch (IOException e) {
      lastWord = String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroy();
    }
  }
}
