package llmload.tokens;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Times tokenizers on texts: so many calls, or for so long. One thread. */
public final class TokenizerTrial {
  private final Tokenizer tokenizer;
  private final LongSupplier nanos;

  /** A trial on that clock, in nanoseconds. */
  public TokenizerTrial(Tokenizer tokenizer, LongSupplier nanos) {
    this.tokenizer = tokenizer;
    this.nanos = nanos;
  }

  /**
   * What a trial came to.
   *
   * @param durationNanos the time of all calls together
   * @param callCount the calls
   * @param tokenCount the tokens that they made
   */
  public record Result(long durationNanos, long callCount, long tokenCount) {
    /** This and another one. */
    public Result plus(Result other) {
      return new Result(
          durationNanos + other.durationNanos,
          callCount + other.callCount,
          tokenCount + other.tokenCount);
    }
  }

  /** Encodes {@code text} so many times, after one call that is not timed. */
  public Result calls(String text, int count) {
    int once = tokenizer.encode(text).length;
    long tokens = 0;
    long start = nanos.getAsLong();
    for (int i = 0; i < count; i++) {
      tokens += tokenizer.encode(text).length;
    }
    if (tokens != (long) once * count) {
      throw new IllegalStateException(
          tokenizer.name() + ": Expecting the same tokens of the same text. Found: others.");
    }
    return new Result(nanos.getAsLong() - start, count, tokens);
  }

  /** Encodes the texts in turn until the time is over; the last call may end after it. */
  public Result sustained(List<String> texts, Duration time) {
    long limit = time.toNanos();
    long start = nanos.getAsLong();
    long elapsed = 0;
    long calls = 0;
    long tokens = 0;
    while (elapsed < limit) {
      tokens += tokenizer.encode(texts.get(Math.toIntExact(calls % texts.size()))).length;
      calls++;
      elapsed = nanos.getAsLong() - start;
    }
    return new Result(elapsed, calls, tokens);
  }
}
