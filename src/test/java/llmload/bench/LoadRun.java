package llmload.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.run.ProjectFolder;

/**
 * One run of a simulation in a JVM of its own, with the options that Gatling's Maven plugin gives
 * it.
 *
 * @param loadCpuSeconds processor time from the JVM's start until the journal has its footer
 * @param compilerCpuSeconds the part of it that the JIT compiler took, which follows the run's
 *     length in time and not its tokens
 * @param cpuSeconds processor time of the whole process, reports included
 * @param report the run's {@code report.json}
 * @param folder the run's folder
 * @param output what it printed
 */
record LoadRun(
    double loadCpuSeconds,
    double compilerCpuSeconds,
    double cpuSeconds,
    JsonNode report,
    Path folder,
    String output) {
  private static final List<String> PLUGIN_OPTIONS =
      List.of(
          "-XX:+HeapDumpOnOutOfMemoryError",
          "-XX:MaxInlineLevel=20",
          "-XX:MaxTrivialSize=12",
          "-Xmx1G",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long POLL_MILLIS = 5;
  private static final int FOOTER_BYTES = 400;

  /**
   * Runs it.
   *
   * @param settings of llmload, without the {@code llm.} in front
   */
  static LoadRun of(String simulation, Map<String, String> settings) {
    return of(simulation, settings, List.of());
  }

  /** Runs it with further options of the JVM. */
  static LoadRun of(String simulation, Map<String, String> settings, List<String> jvmOptions) {
    Path bench = ProjectFolder.find().resolve("target/bench");
    String runId = "bench-" + System.nanoTime();
    Path folder = bench.resolve("results").resolve(runId);
    List<String> options = new ArrayList<>(PLUGIN_OPTIONS);
    options.addAll(jvmOptions);
    options.add("-Dllm.results=target/bench/results");
    options.add("-Dllm.runId=" + runId);
    settings.forEach((key, value) -> options.add("-Dllm." + key + "=" + value));
    Path gatling = bench.resolve("gatling-" + runId);
    Path log = bench.resolve(runId + ".log");
    try {
      Files.createDirectories(bench.resolve("results"));
      double before = ChildProcess.childrenCpuSeconds();
      ChildProcess child =
          ChildProcess.java(
              options,
              "io.gatling.app.Gatling",
              List.of("-s", simulation, "-rf", gatling.toString()),
              log);
      double[] load = untilFooter(child, folder.resolve("requests.jsonl"));
      while (!child.await(1_000)) {
        // A run ends itself.
      }
      double all = ChildProcess.childrenCpuSeconds() - before;
      Path report = folder.resolve("report.json");
      if (!Files.exists(report)) {
        throw new IllegalStateException(Files.readString(log));
      }
      return new LoadRun(
          load[0], load[1], all, JSON.readTree(report.toFile()), folder, Files.readString(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(gatling);
    }
  }

  /** Processor time of the process, and of its compiler, at the journal's end. */
  private static double[] untilFooter(ChildProcess child, Path journal) throws IOException {
    while (!child.await(POLL_MILLIS)) {
      if (hasFooter(journal)) {
        return new double[] {child.cpuSeconds(), child.compilerCpuSeconds()};
      }
    }
    throw new IllegalStateException("The run ended without a footer: exit " + child.exitCode());
  }

  private static boolean hasFooter(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return false;
    }
    try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "r")) {
      byte[] tail = new byte[(int) Math.min(file.length(), FOOTER_BYTES)];
      file.seek(file.length() - tail.length);
      file.readFully(tail);
      return new String(tail, StandardCharsets.ISO_8859_1).contains("{\"footer\":true");
    }
  }

  /** A number of the report. */
  double number(String pointer) {
    JsonNode value = report.at(pointer);
    if (!value.isNumber()) {
      throw new IllegalStateException(pointer + ": Expecting a number. Found: " + value + ".");
    }
    return value.asDouble();
  }

  /** Checks that every request was answered in full. */
  LoadRun complete(long requests, long tokensEach) {
    double ok = number("/counts/ok");
    double mean = number("/metrics/all/output_tokens/mean");
    double min = number("/metrics/all/output_tokens/min");
    if (ok != requests || mean != tokensEach || min != tokensEach) {
      throw new IllegalStateException(
          "Expecting %d answers of %d tokens. Found: %s of %s, at least %s."
              .formatted(requests, tokensEach, ok, mean, min));
    }
    return this;
  }

  /** Forgets the run's files. */
  void delete() {
    delete(folder);
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
