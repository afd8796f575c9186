package llmload.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import llmload.journal.RunJournal;
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
 * HTTP, each ten times a second, into a journal on disk, once warm. Linux only.
 *
 * <p>The whole is the processor time of this JVM over a stretch in which it looks, less that of an
 * equal stretch in which it does not. The pages are served by a process of their own, as exporters
 * are, which does not count. Of the whole are told the sampler's threads, which fetch and read the
 * pages, the journal's thread, the collector of garbage, and the compilers; the rest is the virtual
 * machine's own.
 */
public final class SamplingBenchmark {
  private static final Path PAGES = Path.of("src/test/resources/fixtures/telemetry");
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final int QUEUE = 100_000;
  private static final long SETTLE_SECONDS = 10;
  private static final long WARM_STRETCH_SECONDS = 5;
  private static final double NANOS = 1e9;
  private static final double MILLI_NANOS = 1e6;
  private static final double KILO = 1e3;
  private static final String SERVE = "serve";
  private static final String WHOLE = "whole";

  /** Threads of the JVM itself, of which no bean tells: by how the system names them. */
  private static final Map<String, Pattern> OWN =
      Map.of(
          "collector", Pattern.compile("(GC Thread|G1 |VM Thread).*\\s*"),
          "compilers", Pattern.compile("C[12] Compiler.*\\s*"));

  private record Spent(double cpuNanos, double allocatedBytes) {
    static final Spent NOTHING = new Spent(0, 0);

    Spent plus(Spent other, double times) {
      return new Spent(
          cpuNanos + times * other.cpuNanos, allocatedBytes + times * other.allocatedBytes);
    }
  }

  private SamplingBenchmark() {}

  /**
   * Arguments: seconds to warm up, with some hundred looks each and then as long at the pace, 60
   * without one; and seconds to measure, 60 without one. Or {@code serve}, which is what the
   * process of the pages is started with.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0 && args[0].equals(SERVE)) {
      serve();
      return;
    }
    long warmSeconds = args.length > 0 ? Long.parseLong(args[0]) : 60;
    long seconds = args.length > 1 ? Long.parseLong(args[1]) : 60;
    Path folder = Files.createTempDirectory("llmload-sampling");
    AtomicLong samples = new AtomicLong();
    try (ChildProcess server = ChildProcess.server(SamplingBenchmark.class.getName(), SERVE);
        RunJournal journal = RunJournal.open(folder, System.nanoTime(), QUEUE)) {
      String root = "http://127.0.0.1:" + server.firstLine();
      long count;
      Map<String, Spent> looking;
      try (Sampler sampler = start(root, journal, samples)) {
        for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmSeconds);
            System.nanoTime() < until; ) {
          sampler.sampleNow();
          TimeUnit.MILLISECONDS.sleep(2);
        }
        // At its own pace some paths differ, which are compiled anew; so is much that the first
        // measurements load new classes for.
        for (long passed = 0; passed < warmSeconds; passed += WARM_STRETCH_SECONDS) {
          Map<String, Spent> unused = stretch(WARM_STRETCH_SECONDS);
        }
        long before = samples.get();
        looking = stretch(seconds);
        count = samples.get() - before;
      }
      pause(SETTLE_SECONDS);
      Map<String, Spent> idle = stretch(seconds);
      print(looking, idle, (double) seconds);
      journal.finish(null, null);
      System.out.printf(
          "%.0f samples/s; load of the machine %.2f%n",
          (double) count / seconds,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    } finally {
      delete(folder);
    }
  }

  /** Serves the pages until this process is ended; prints its port first. */
  private static void serve() throws IOException {
    // As the servers of metrics do; else each answer comes in two parts, 40 ms apart.
    System.setProperty("sun.net.httpserver.nodelay", "true");
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
    System.out.println(server.getAddress().getPort());
    // The other end is closed when the process that reads the port ends, however that ends.
    while (System.in.read() >= 0) {
      // Only its end counts.
    }
    server.stop(0);
  }

  private static Sampler start(String root, RunJournal journal, AtomicLong samples) {
    Sampler sampler =
        new Sampler(
            sources(root),
            new Sampler.Beat(
                INTERVAL, Duration.ofSeconds(1), System::nanoTime, journal.anchorNanos()),
            sample -> {
              journal.append(sample);
              samples.incrementAndGet();
            });
    sampler.start();
    return sampler;
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

  /** What was spent while that time passed. */
  private static Map<String, Spent> stretch(long seconds) throws InterruptedException {
    Map<String, Spent> before = spent();
    pause(seconds);
    Map<String, Spent> spent = spent();
    add(spent, before, -1);
    return spent;
  }

  private static void pause(long seconds) throws InterruptedException {
    boolean unused = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
  }

  private static void add(Map<String, Spent> sums, Map<String, Spent> more, double times) {
    more.forEach(
        (name, spent) ->
            sums.merge(name, Spent.NOTHING.plus(spent, times), (a, b) -> a.plus(b, 1)));
  }

  /** What this JVM has spent so far: the whole, and by thread or kind of thread. */
  private static Map<String, Spent> spent() {
    Map<String, Spent> spent = new TreeMap<>();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("llmload-")) {
        long id = thread.getThreadId();
        spent.put(
            thread.getThreadName().replace("llmload-", ""),
            new Spent(threads.getThreadCpuTime(id), threads.getThreadAllocatedBytes(id)));
      }
    }
    OWN.forEach((name, threadName) -> spent.put(name, new Spent(ownNanos(threadName), 0)));
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    spent.put(WHOLE, new Spent(system.getProcessCpuTime(), 0));
    return spent;
  }

  /** The processor time of threads by the system's name of them. */
  private static double ownNanos(Pattern threadName) {
    double sum = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        if (threadName.matcher(Files.readString(task.resolve("comm"))).matches()) {
          // The first of its numbers: time on a processor, nanoseconds.
          sum += Double.parseDouble(Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }

  private static void print(Map<String, Spent> looking, Map<String, Spent> idle, double seconds) {
    Map<String, Spent> more = new TreeMap<>(looking);
    add(more, idle, -1);
    Spent whole = more.getOrDefault(WHOLE, Spent.NOTHING);
    more.remove(WHOLE);
    Spent told = Spent.NOTHING;
    for (Map.Entry<String, Spent> row : more.entrySet()) {
      told = told.plus(row.getValue(), 1);
      print(row.getKey(), row.getValue(), seconds);
    }
    print("rest", new Spent(whole.cpuNanos() - told.cpuNanos(), 0), seconds);
    print(WHOLE, new Spent(whole.cpuNanos(), told.allocatedBytes()), seconds);
    print("(without looking)", idle.getOrDefault(WHOLE, Spent.NOTHING), seconds);
  }

  private static void print(String name, Spent spent, double seconds) {
    double looks = seconds * NANOS / INTERVAL.toNanos();
    System.out.printf(
        "%-30s %6.2f %% of a core %7.3f ms/look %8.1f KB/look%n",
        name,
        spent.cpuNanos() / NANOS / seconds * 100,
        spent.cpuNanos() / MILLI_NANOS / looks,
        spent.allocatedBytes() / KILO / looks);
  }

  private static void delete(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(RunJournal.REQUESTS_FILE));
    Files.deleteIfExists(folder.resolve(RunJournal.TELEMETRY_FILE));
    Files.deleteIfExists(folder);
  }
}
