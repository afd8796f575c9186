package llmload.feeders;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Short tags that make the start of every prompt of a run unlike any other, so that a server's
 * prefix cache finds nothing to reuse and the prefill that is measured is a whole one.
 *
 * <p>A tag is a counter passed through a one-to-one mixing of 32 bits, so no tag repeats within a
 * run's first 2^32, and even neighbours differ from their first digits on. The same seed and run
 * give the same tags. Thread safe.
 */
public final class Nonce {
  private final int key;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param seed the run's seed
   * @param runId the run, so that two runs with one seed do not meet in a cache that outlives the
   *     first
   */
  public Nonce(long seed, String runId) {
    key = mix(Long.hashCode(seed) * 31 + runId.hashCode());
  }

  /** The next tag: eight hexadecimal digits. */
  public String next() {
    return String.format(Locale.ROOT, "%08x", mix(key ^ mix(count.getAndIncrement())));
  }

  /** The prompt with the next tag before it, as in {@code [9f3a01bc] Name three fruits.} */
  public String tag(String prompt) {
    return "[" + next() + "] " + prompt;
  }

  /** The finalizer of MurmurHash3 (Austin Appleby, public domain), a bijection of 32 bits. */
  private static int mix(int value) {
    int h = value;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
