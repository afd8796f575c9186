package llmload.run;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import llmload.journal.LiveCounts;
import llmload.journal.RunJournal;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * One line on the console that tells how the run goes: rewritten each second on a terminal, a line
 * of its own every five seconds elsewhere.
 *
 * <pre>{@code
 * 12 s   1,204 ok   3 failed   64 active   8,412 tok/s   TTFT p50 41 ms  p99 180 ms
 * }</pre>
 *
 * <p>Tokens per second and TTFT are those of the requests that ended since the line before.
 */
final class ProgressLine implements AutoCloseable {
  private static final String CLEAR_TO_END = "\u001b[K";

  private final RunJournal journal;
  private final PrintStream out;
  private final boolean terminal;
  private final AtomicLong tokens = new AtomicLong();
  private final Recorder ttftMicros = new Recorder(2);
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "llmload-progress");
            thread.setDaemon(true);
            return thread;
          });
  private final long startNanos = System.nanoTime();
  private long lastNanos = startNanos;

  ProgressLine(RunJournal journal, PrintStream out, boolean terminal) {
    this.journal = journal;
    this.out = out;
    this.terminal = terminal;
    journal.listen(this::onRecord);
  }

  void start() {
    int period = terminal ? 1 : 5;
    var unused = scheduler.scheduleAtFixedRate(this::print, period, period, TimeUnit.SECONDS);
  }

  private void onRecord(RequestRecord record) {
    if (record.phase() == Phase.MEASURE && record.outcome().isOk()) {
      Integer output = record.usage().outputTokens();
      tokens.addAndGet(output == null ? record.chunks().tokenCount() : output);
      Long firstToken = record.stamps().firstTokenNanos();
      if (firstToken != null) {
        ttftMicros.recordValue(Math.max(0, firstToken / 1000));
      }
    }
  }

  private void print() {
    long now = System.nanoTime();
    double seconds = (now - lastNanos) / 1e9;
    lastNanos = now;
    String line =
        line(
            (now - startNanos) / 1_000_000_000L,
            journal.counts(),
            tokens.getAndSet(0) / seconds,
            ttftMicros.getIntervalHistogram());
    if (terminal) {
      out.print("\r" + line + CLEAR_TO_END);
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** Prints a line that stays, above the one that goes on changing. Any thread. */
  void say(String line) {
    out.println(terminal ? "\r" + line + CLEAR_TO_END : line);
  }

  static String line(
      long elapsedSeconds, LiveCounts counts, double tokensPerSecond, Histogram ttftMicros) {
    return String.format(
        Locale.ROOT,
        "%4d s  %,7d ok  %,5d failed  %,5d active  %,9.0f tok/s  TTFT p50 %s  p99 %s%s",
        elapsedSeconds,
        counts.okCount(),
        counts.failedCount(),
        counts.activeCount(),
        tokensPerSecond,
        millis(ttftMicros, 50),
        millis(ttftMicros, 99),
        counts.startedCount() == 0 ? "  (warm-up)" : "");
  }

  private static String millis(@Nullable Histogram micros, double percent) {
    return micros == null || micros.getTotalCount() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.0f ms", micros.getValueAtPercentile(percent) / 1000.0);
  }

  /** Ends the line. */
  @Override
  public void close() {
    scheduler.shutdownNow();
    if (terminal) {
      out.println();
    }
  }
}
