package llmload.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The injector's processor time for one streamed token, beside {@code wrk} reading the same bytes.
 *
 * <p>Both are differences of two runs that differ only in the answers' length, so that start-up and
 * the cost of a request cancel. {@code back-to-back} reads large writes over 20 connections; {@code
 * packets} one packet a token in 200 streams.
 */
public final class InjectorBenchmark {
  private static final String SIMULATION = "llmload.simulations.LoadSimulation";
  private static final int USERS = 20;
  private static final int SHORT_TOKENS = 500;
  private static final int LONG_TOKENS = 5_500;
  private static final int STREAMS = 200;
  private static final int STREAM_TOKENS_PER_SECOND = 100;
  private static final int SHORT_STREAM_TOKENS = 1_000;
  private static final int LONG_STREAM_TOKENS = 3_000;

  /** Further options of the injector's JVM, from the property {@code bench.jvmArgs}. */
  private static final List<String> JVM_OPTIONS =
      Stream.of(System.getProperty("bench.jvmArgs", "").split(" ", -1))
          .filter(option -> !option.isBlank())
          .toList();

  private InjectorBenchmark() {}

  /** Arguments: {@code back-to-back} or {@code packets}, the rounds, and requests a run. */
  public static void main(String[] args) {
    String what = args.length > 0 ? args[0] : "back-to-back";
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    try (ChildProcess source = ChildProcess.tokenSource()) {
      String url = "http://127.0.0.1:" + source.firstLine();
      List<Figures> figures = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        Figures each =
            what.equals("packets")
                ? packets(url)
                : backToBack(url, args.length > 2 ? Integer.parseInt(args[2]) : 8_000);
        figures.add(each);
        print("round " + (round + 1), each);
      }
      print("median", median(figures));
      System.out.println(
          what.equals("packets")
              ? "bar: at most 1.5 x wrk"
              : "bar: at most 0.25 us and at most 5 x wrk");
    }
  }

  /**
   * Microseconds of processor time for a token.
   *
   * @param wrk of {@code wrk}
   * @param load of the injector, its journal included
   * @param compiler the JIT compiler's part of that
   * @param whole of the injector's whole process: analysis and reports too
   */
  private record Figures(double wrk, double load, double compiler, double whole) {}

  private static Figures backToBack(String source, int requests) {
    String url = source + "/burst/v1/chat/completions?tokens=";
    WrkRun shortWrk = WrkRun.of(USERS, 4, url + SHORT_TOKENS);
    LoadRun shortRun = load(source + "/burst", USERS, requests, SHORT_TOKENS);
    WrkRun longWrk = WrkRun.of(USERS, 4, url + LONG_TOKENS);
    LoadRun longRun = load(source + "/burst", USERS, requests, LONG_TOKENS);
    double more = LONG_TOKENS - SHORT_TOKENS;
    return new Figures(
        (longWrk.cpuSecondsPerRequest() - shortWrk.cpuSecondsPerRequest()) / more * 1e6,
        (longRun.loadCpuSeconds() - shortRun.loadCpuSeconds()) / (more * requests) * 1e6,
        (longRun.compilerCpuSeconds() - shortRun.compilerCpuSeconds()) / (more * requests) * 1e6,
        (longRun.cpuSeconds() - shortRun.cpuSeconds()) / (more * requests) * 1e6);
  }

  /** Here {@code wrk}, which never ends by a count, is told apart by its run's time. */
  private static Figures packets(String source) {
    String path = "/paced-" + STREAM_TOKENS_PER_SECOND;
    String url = source + path + "/v1/chat/completions?tokens=" + LONG_STREAM_TOKENS;
    int seconds = LONG_STREAM_TOKENS / STREAM_TOKENS_PER_SECOND;
    WrkRun shortWrk = WrkRun.of(STREAMS, SHORT_STREAM_TOKENS / STREAM_TOKENS_PER_SECOND, url);
    LoadRun shortRun = load(source + path, STREAMS, STREAMS, SHORT_STREAM_TOKENS);
    WrkRun longWrk = WrkRun.of(STREAMS, seconds, url);
    LoadRun longRun = load(source + path, STREAMS, STREAMS, LONG_STREAM_TOKENS);
    double frameBytes = SourceFrames.meanFrameBytes();
    double more = (LONG_STREAM_TOKENS - SHORT_STREAM_TOKENS) * (double) STREAMS;
    return new Figures(
        (longWrk.cpuSeconds() - shortWrk.cpuSeconds())
            / ((longWrk.readBytes() - shortWrk.readBytes()) / frameBytes)
            * 1e6,
        (longRun.loadCpuSeconds() - shortRun.loadCpuSeconds()) / more * 1e6,
        (longRun.compilerCpuSeconds() - shortRun.compilerCpuSeconds()) / more * 1e6,
        (longRun.cpuSeconds() - shortRun.cpuSeconds()) / more * 1e6);
  }

  private static LoadRun load(String baseUrl, int users, int requests, int tokens) {
    Map<String, String> settings =
        Map.of(
            "baseUrl",
            baseUrl,
            "model",
            "m",
            "users",
            String.valueOf(users),
            "requests",
            String.valueOf(requests),
            "warmUp",
            "0",
            "maxTokens",
            String.valueOf(tokens));
    LoadRun run = LoadRun.of(SIMULATION, settings, JVM_OPTIONS).complete(requests, tokens);
    run.delete();
    return run;
  }

  private static Figures median(List<Figures> all) {
    return new Figures(
        median(all.stream().mapToDouble(Figures::wrk).toArray()),
        median(all.stream().mapToDouble(Figures::load).toArray()),
        median(all.stream().mapToDouble(Figures::compiler).toArray()),
        median(all.stream().mapToDouble(Figures::whole).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  private static void print(String name, Figures figures) {
    System.out.printf(
        Locale.ROOT,
        "%-8s wrk %.3f us/token, injector %.3f us/token (%.2f x wrk), of that JIT %.3f;"
            + " with analysis %.3f%n",
        name,
        figures.wrk(),
        figures.load(),
        figures.load() / figures.wrk(),
        figures.compiler(),
        figures.whole());
  }
}
