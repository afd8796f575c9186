package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The cost of one streamed token in the decoder, in nanoseconds: a whole answer of 1,000 tokens in
 * frames of about 200 bytes, from the first byte to the reply.
 *
 * <pre>{@code
 * mvn -q -Pbench test-compile exec:exec -Dexec.executable=java \
 *   -Dexec.args="-cp %classpath llmload.wire.DecoderBenchmark"
 * }</pre>
 *
 * With {@code cpu} after the class name it reads the thread's CPU clock instead, which a busy
 * machine does not spoil.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecoderBenchmark {
  private static final int TOKENS = 1_000;
  private static final int ROUNDS = 20;
  private static final int ANSWERS_PER_ROUND = 500;
  private static final String FRAME =
      "data: {\"id\":\"chatcmpl-0123456789abcdef0123456789abcdef\",\"object\":"
          + "\"chat.completion.chunk\",\"created\":1795294894,\"model\":\"model-name-m\",\"choices\":"
          + "[{\"index\":0,\"delta\":{\"content\":\"TEXT\"},\"finish_reason\":null}]}\n\n";
  private static final String[] WORDS = {" the", " of", "ing", " server", ",", " token", "s", " a"};

  @Param({"fast", "full"})
  public String path = "fast";

  @Param({"16384", "1400", "0"})
  public int readBytes;

  private byte[] body = new byte[0];
  private int[] ends = new int[0];

  /** Lays the answer out: reads of {@link #readBytes}, or one frame a read if that is 0. */
  @Setup
  public void layOut() {
    StringBuilder text = new StringBuilder();
    int[] frameEnds = new int[TOKENS + 1];
    for (int i = 0; i < TOKENS; i++) {
      text.append(FRAME.replace("TEXT", WORDS[i % WORDS.length]));
      frameEnds[i] = text.length();
    }
    body = text.append("data: [DONE]\n\n").toString().getBytes(UTF_8);
    frameEnds[TOKENS] = body.length;
    if (readBytes == 0) {
      ends = frameEnds;
      return;
    }
    ends = new int[(body.length + readBytes - 1) / readBytes];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = Math.min(body.length, (i + 1) * readBytes);
    }
  }

  /** Reads the whole answer. */
  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public Reply token() {
    StreamReplyReader reader = new StreamReplyReader(ReplyOptions.streamed(), path.equals("fast"));
    int from = 0;
    for (int end : ends) {
      reader.feed(body, from, end, end);
      from = end;
    }
    return reader.reply(End.CLEAN);
  }

  /** Runs it under JMH; with the argument {@code cpu} by the CPU clock of the one thread. */
  public static void main(String[] args) throws RunnerException {
    if (args.length == 0) {
      new Runner(new OptionsBuilder().include(DecoderBenchmark.class.getName()).build()).run();
      return;
    }
    for (String path : new String[] {"fast", "full"}) {
      for (int readBytes : new int[] {16_384, 1_400, 0}) {
        DecoderBenchmark benchmark = new DecoderBenchmark();
        benchmark.path = path;
        benchmark.readBytes = readBytes;
        benchmark.layOut();
        System.out.printf(
            Locale.ROOT, "%s %5d %6.1f ns/token%n", path, readBytes, benchmark.bestCpuNanos());
      }
    }
  }

  /** The best of many rounds: what other processes take from the machine is left out. */
  private double bestCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    long sink = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < ANSWERS_PER_ROUND; i++) {
        sink += token().bytesReceived();
      }
      long spent = threads.getCurrentThreadCpuTime() - start;
      best = Math.min(best, (double) spent / ANSWERS_PER_ROUND / TOKENS);
    }
    return sink == 0 ? 0 : best;
  }
}
