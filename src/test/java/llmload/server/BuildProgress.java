package llmload.server;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells how far the building of an index is, at most one line every two seconds:
 *
 * <pre>{@code
 * llmload: retrieval: 120000 of 1000000 vectors are in the index vectors_1000000
 * }</pre>
 *
 * <p>Thread safe.
 */
final class BuildProgress {
  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PrintStream out;
  private final LongSupplier nanos;
  private long dueNanos;

  BuildProgress(PrintStream out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
    this.dueNanos = nanos.getAsLong();
  }

  synchronized void at(String name, int done, int total) {
    long now = nanos.getAsLong();
    if (now - dueNanos >= 0 || done == total) {
      dueNanos = now + EVERY_NANOS;
      out.println(
          "llmload: retrieval: " + done + " of " + total + " vectors are in the index " + name);
      out.flush();
    }
  }
}
