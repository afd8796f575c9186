package llmload.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that a benchmark starts, and the processor time it takes. Linux only. */
final class ChildProcess implements AutoCloseable {
  /** The unit of /proc's processor times, the same on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS = 11;
  private static final int CHILDREN_USER_TICKS = 13;

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * How a process ended.
   *
   * @param cpuSeconds user and system time, of all its threads from start to end
   * @param output what it wrote, standard error included
   */
  record Ending(int exitCode, double cpuSeconds, String output) {}

  /** Starts a JVM on this one's class path; its output goes to {@code log}. */
  static ChildProcess java(List<String> options, String main, List<String> arguments, Path log) {
    return start(javaCommand(options, main, arguments), ProcessBuilder.Redirect.to(log.toFile()));
  }

  /** Starts the token source, which lives until {@link #close}. */
  static ChildProcess tokenSource() {
    return server(TokenSourceServer.class.getName());
  }

  /** Starts a JVM that serves until {@link #close}; what it prints is read by this one. */
  static ChildProcess server(String main, String... arguments) {
    return start(
        javaCommand(List.of("-Xmx512m"), main, List.of(arguments)), ProcessBuilder.Redirect.PIPE);
  }

  private static List<String> javaCommand(
      List<String> options, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    return command;
  }

  private static ChildProcess start(List<String> command, ProcessBuilder.Redirect output) {
    try {
      return new ChildProcess(
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start());
    } catch (IOException e) {
      throw new UncheckedIOException(command.get(0), e);
    }
  }

  /** Runs a command to its end, alone among this process's children that end. */
  static Ending run(List<String> command) {
    double before = childrenCpuSeconds();
    ChildProcess child = start(command, ProcessBuilder.Redirect.PIPE);
    try {
      String output =
          new String(child.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = child.process.waitFor();
      return new Ending(code, childrenCpuSeconds() - before, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first line that it prints. */
  String firstLine() {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    try {
      return String.valueOf(reader.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits that long for its end; whether it came. */
  boolean await(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int exitCode() {
    return process.exitValue();
  }

  /** The processor time it has taken so far. */
  double cpuSeconds() {
    return ticks(Path.of("/proc/" + process.pid() + "/stat"), USER_TICKS) / TICKS_PER_SECOND;
  }

  /** The processor time that the JIT compiler's threads have taken so far. */
  double compilerCpuSeconds() {
    long ticks = 0;
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks) {
        ticks += compilerTicks(task);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static long compilerTicks(Path task) {
    try {
      boolean compiler = Files.readString(task.resolve("comm")).matches("C[12] Compiler.*\\s*");
      return compiler ? ticks(task.resolve("stat"), USER_TICKS) : 0;
    } catch (IOException | UncheckedIOException e) {
      return 0; // a thread that has just ended has no files any more
    }
  }

  /** The processor time of all children that have ended. */
  static double childrenCpuSeconds() {
    return ticks(Path.of("/proc/self/stat"), CHILDREN_USER_TICKS) / TICKS_PER_SECOND;
  }

  /** The sum of a field and the one after it, counted from the one after the command's name. */
  private static long ticks(Path stat, int field) {
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    process.destroy();
    await(5_000);
  }
}
