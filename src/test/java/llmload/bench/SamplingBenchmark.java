package llmload.bench;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
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
 * HTTP, each ten times a second. Counted are the processor time of the sampler's threads, which
 * fetch and read the pages as well, and the bytes that they leave to the collector, once warm.
 */
public final class SamplingBenchmark {
  private static final Path PAGES = Path.of("src/test/resources/fixtures/telemetry");
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final double NANOS = 1e9;
  private static final double MILLI_NANOS = 1e6;
  private static final double KILO = 1e3;

  private record Spent(long cpuNanos, long allocatedBytes) {
    Spent plus(Spent other) {
      return new Spent(cpuNanos + other.cpuNanos, allocatedBytes + other.allocatedBytes);
    }

    Spent minus(Spent other) {
      return new Spent(cpuNanos - other.cpuNanos, allocatedBytes - other.allocatedBytes);
    }
  }

  private SamplingBenchmark() {}

  /**
   * Arguments: seconds to warm up, a hundred looks each, 30 without one; and seconds to measure, 60
   * without one.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    // As the servers of metrics do; else each answer comes in two parts, 40 ms apart.
    System.setProperty("sun.net.httpserver.nodelay", "true");
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
    Map<String, Spent> before = spent();
    long samplesBefore = samples.get();
    long start = System.nanoTime();
    pause(seconds);
    double wall = (System.nanoTime() - start) / NANOS;
    Map<String, Spent> after = spent();
    double looks = wall * NANOS / INTERVAL.toNanos();
    Spent all = new Spent(0, 0);
    for (Map.Entry<String, Spent> entry : after.entrySet()) {
      Spent spent = entry.getValue().minus(before.getOrDefault(entry.getKey(), new Spent(0, 0)));
      all = all.plus(spent);
      print(entry.getKey(), spent, wall, looks);
    }
    print("all", all, wall, looks);
    System.out.printf(
        "%.0f samples/s; load of the machine %.2f%n",
        (samples.get() - samplesBefore) / wall,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    sampler.close();
    server.stop(0);
  }

  private static void print(String name, Spent spent, double wall, double looks) {
    System.out.printf(
        "%-45s %6.2f %% of a core %7.3f ms/look %8.1f KB/look%n",
        name,
        spent.cpuNanos() / NANOS / wall * 100,
        spent.cpuNanos() / MILLI_NANOS / looks,
        spent.allocatedBytes() / KILO / looks);
  }

  private static List<TelemetrySource> sources(String root) {
    PageFetch fetch = new PageFetch();
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

  /** What each of the sampler's threads has spent, by name. */
  private static Map<String, Spent> spent() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<String, Spent> spent = new TreeMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("llmload-telemetry")) {
        long id = thread.getThreadId();
        spent.put(
            thread.getThreadName(),
            new Spent(threads.getThreadCpuTime(id), threads.getThreadAllocatedBytes(id)));
      }
    }
    return spent;
  }
}
