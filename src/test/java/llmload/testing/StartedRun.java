package llmload.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A load test that goes on in a JVM of its own. */
public final class StartedRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path results;
  private final StringBuilder console = new StringBuilder();
  private final Thread reader;

  StartedRun(Process process, Path results) {
    this.process = process;
    this.results = results;
    this.reader = new Thread(this::read, "run-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        synchronized (console) {
          console.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      // The end of a process that was killed.
    }
  }

  /** What it printed so far. */
  public String console() {
    synchronized (console) {
      return console.toString();
    }
  }

  /** The process that was started: the JVM, or what starts it. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Every process below the one that was started. */
  public List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /** Sends it a signal, such as {@code TERM}. */
  public void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill ended in " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until {@code condition} holds; fails if the run ends before or it takes too long. */
  public void awaitWhileRunning(String what, BooleanSupplier condition) {
    await(what, () -> condition.getAsBoolean() || !process.isAlive());
    if (!condition.getAsBoolean()) {
      throw new AssertionError("the run ended before " + what + ":\n" + console());
    }
  }

  /** Waits until {@code condition} holds, whether or not the run goes on. */
  public void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("no " + what + " within " + PATIENCE + ":\n" + console());
      }
      // Another process's state has to be asked for.
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Waits for its end. */
  public FinishedRun awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        close();
        throw new AssertionError("the run did not end within " + PATIENCE + ":\n" + console());
      }
      reader.join(5_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new FinishedRun(process.exitValue(), console(), results);
  }

  /** Kills it and what it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
