package llmload.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.PageFetch;
import llmload.telemetry.Sampler;
import llmload.telemetry.TelemetrySource;
import llmload.telemetry.gpu.DcgmReader;
import llmload.telemetry.host.HostSource;
import llmload.telemetry.host.ProcessSource;
import llmload.telemetry.server.ServerReader;

/**
 * What looking costs: this machine, a process, and the pages of vLLM, SGLang and dcgm-exporter over
 * HTTP, each ten times a second. Counted is the processor time of the sampler's threads and of its
 * HTTP client, once warm.
 */
public final class SamplingBenchmark {
  private static final Path PAGES = Path.of("src/test/resources/fixtures/telemetry");
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final double NANOS = 1e9;

  private SamplingBenchmark() {}

  /**
   * Arguments: seconds to warm up, a hundred looks each, 30 without one; and seconds to measure, 60
   * without one.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    long warmSeconds = args.length > 0 ? Long.parseLong(args[0]) : 30;
    long seconds = args.length > 1 ? Long.parseLong(args[1]) : 60;
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (String page : List.of("vllm", "sglang", "dcgm")) {
      byte[] body = Files.readAllBytes(PAGES.resolve(page + ".prom"));
      server.createContext(
          "/" + page,
          exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
    }
    server.start();
    AtomicLong samples = new AtomicLong();
    Sampler sampler =
        new Sampler(
            sources("http://127.0.0.1:" + server.getAddress().getPort()),
            new Sampler.Beat(INTERVAL, Duration.ofSeconds(1), System::nanoTime, System.nanoTime()),
            sample -> samples.incrementAndGet());
    sampler.start();
    for (long i = 0; i < warmSeconds * 100; i++) {
      sampler.sampleNow();
      TimeUnit.MILLISECONDS.sleep(10);
    }
    Map<String, Long> before = spent();
    long samplesBefore = samples.get();
    long start = System.nanoTime();
    pause(seconds);
    double wall = (System.nanoTime() - start) / NANOS;
    Map<String, Long> after = spent();
    double all = 0;
    for (Map.Entry<String, Long> entry : after.entrySet()) {
      double share =
          (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) / NANOS / wall * 100;
      all += share;
      System.out.printf("%-55s %6.2f %% of a core%n", entry.getKey(), share);
    }
    System.out.printf(
        "%-55s %6.2f %% of a core, %.0f samples/s%n",
        "all", all, (samples.get() - samplesBefore) / wall);
    sampler.close();
    server.stop(0);
  }

  private static List<TelemetrySource> sources(String root) {
    PageFetch fetch =
        new PageFetch(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    return List.of(
        new HostSource(),
        ProcessSource.ofPid(Math.toIntExact(ProcessHandle.current().pid())),
        new ExpositionSource(
            "server vllm", URI.create(root + "/vllm"), Map.of(), fetch, new ServerReader("vllm")),
        new ExpositionSource(
            "server sglang",
            URI.create(root + "/sglang"),
            Map.of(),
            fetch,
            new ServerReader("sglang")),
        new ExpositionSource(
            "gpu dcgm", URI.create(root + "/dcgm"), Map.of(), fetch, new DcgmReader()));
  }

  private static void pause(long seconds) throws InterruptedException {
    boolean unused = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
  }

  /** Processor time of each of the sampler's threads and of the HTTP client's, by name. */
  private static Map<String, Long> spent() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Long> spent = new TreeMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null) {
        String name = thread.getThreadName();
        if (name.startsWith("llmload-telemetry") || name.startsWith("HttpClient")) {
          String shown = name.startsWith("HttpClient") ? "HTTP client" : name;
          spent.merge(shown, threads.getThreadCpuTime(thread.getThreadId()), Long::sum);
        }
      }
    }
    return spent;
  }
}
