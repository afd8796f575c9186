package llmload.wire;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import llmload.model.Flag;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens each chunk of a stream held, and who says so.
 *
 * <p>The first rule that applies:
 *
 * <ol>
 *   <li>Every chunk came with the server's running total, which never falls and does grow: a chunk
 *       holds what it added ({@link TokenCountSource#CONTINUOUS_USAGE}).
 *   <li>The server sent a total ({@link TokenCountSource#USAGE}). A first guess is the tokenizer's
 *       count of each chunk, or one token for each text. If it sums to the total, or to one less in
 *       an answer that ended with {@code stop} (the end token has no text), it stands. Otherwise
 *       the total is spread in proportion to the tokenizer's counts, or to the characters, by
 *       largest remainder, at least one for each chunk where the total allows that.
 *   <li>A tokenizer counted each chunk, at least one each ({@link TokenCountSource#TOKENIZER}).
 *   <li>One token for each text ({@link TokenCountSource#CHUNKS}).
 * </ol>
 *
 * <p>Reasoning tokens that the server counted but did not send are taken out of the total before it
 * is spread.
 *
 * @param tokens tokens of each chunk
 * @param usage the counts of the whole answer
 * @param flags what was odd about the counts
 */
@SuppressWarnings("ArrayRecordComponent") // one entry a token: a list would box
record TokenSpread(int[] tokens, TokenUsage usage, Set<Flag> flags) {
  private static final double CONTRADICTION_RATIO = 0.05;

  /** The end token, and a character held back at a length limit, have no text. */
  private static final int TEXTLESS_TOKENS = 2;

  /**
   * Spreads the tokens of one streamed answer.
   *
   * @param counted the tokenizer's count of each chunk; {@code null} without a tokenizer
   * @param hasReasoning whether any reasoning was sent
   */
  static TokenSpread of(
      ChunkLog log,
      UsageTally usage,
      int @Nullable [] counted,
      boolean hasReasoning,
      @Nullable String finishReason) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    if (usage.isInvalid()) {
      flags.add(Flag.USAGE_INVALID);
    }
    Integer output = usage.output();
    int[] totals = log.totals();
    int[] guess = counted == null ? log.pieces() : counted;
    long guessed = sum(guess);
    int[] tokens = guess;
    TokenCountSource source =
        counted == null ? TokenCountSource.CHUNKS : TokenCountSource.TOKENIZER;
    if (output != null) {
      int sent = output - hidden(usage, hasReasoning, output);
      source = TokenCountSource.USAGE;
      if (totals != null && isRunning(totals)) {
        source = TokenCountSource.CONTINUOUS_USAGE;
        tokens = differences(totals);
      } else if (!isExact(guessed, sent, finishReason)) {
        tokens = spread(sent, counted == null ? log.chars() : counted);
      }
      if (log.size() > 0 && contradicts(sent, guessed, counted != null)) {
        flags.add(Flag.USAGE_CONTRADICTION);
      }
    } else if (counted == null && log.size() > 0) {
      flags.add(Flag.USAGE_MISSING);
    }
    Integer total =
        output != null ? output : log.size() > 0 ? Integer.valueOf((int) guessed) : null;
    return new TokenSpread(
        tokens,
        new TokenUsage(
            usage.input(), total, usage.cached(), usage.reasoning(), total == null ? null : source),
        flags);
  }

  /** Reasoning tokens that are in the count but not in the text. */
  static int hidden(UsageTally usage, boolean hasReasoning, int output) {
    Integer reasoning = usage.reasoning();
    return reasoning == null || hasReasoning || reasoning > output ? 0 : reasoning;
  }

  /**
   * Whether a server's total cannot be right: it differs from the tokenizer's count by more than 5
   * % and more than the two tokens that have no text; or, without a tokenizer, there are over 5 %
   * more texts than tokens. Fewer texts than tokens prove nothing: a server may send several at
   * once.
   */
  static boolean contradicts(int total, long counted, boolean byTokenizer) {
    if (byTokenizer) {
      long difference = Math.abs(total - counted);
      return difference > TEXTLESS_TOKENS && difference > CONTRADICTION_RATIO * total;
    }
    return counted > total + CONTRADICTION_RATIO * total;
  }

  private static boolean isExact(long guessed, int total, @Nullable String finishReason) {
    return guessed == total || (guessed + 1 == total && "stop".equals(finishReason));
  }

  private static boolean isRunning(int[] totals) {
    for (int i = 1; i < totals.length; i++) {
      if (totals[i] < totals[i - 1]) {
        return false;
      }
    }
    return totals.length > 1 && totals[totals.length - 1] > totals[0];
  }

  private static int[] differences(int[] totals) {
    int[] tokens = totals.clone();
    for (int i = 1; i < tokens.length; i++) {
      tokens[i] = totals[i] - totals[i - 1];
    }
    return tokens;
  }

  private static long sum(int[] values) {
    long sum = 0;
    for (int value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * Spreads {@code total} in proportion to {@code weights}, all positive, by largest remainder;
   * ties go to the earlier chunk. Where the total allows one token for each chunk, a chunk whose
   * share is below one gets one and the others share the rest. Five tokens over 40, 4 and 4
   * characters are 3, 1 and 1.
   */
  static int[] spread(int total, int[] weights) {
    int[] tokens = new int[weights.length];
    long rest = total;
    long restWeight = sum(weights);
    int pinBelow = 0;
    if (total >= weights.length) {
      int[] sorted = weights.clone();
      Arrays.sort(sorted);
      for (int weight : sorted) {
        if (weight * rest >= restWeight) {
          break;
        }
        rest--;
        restWeight -= weight;
        pinBelow = weight;
      }
    }
    long[] remainders = new long[weights.length];
    long given = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] <= pinBelow) {
        tokens[i] = 1;
        remainders[i] = -1;
      } else {
        long share = weights[i] * rest;
        tokens[i] = (int) (share / restWeight);
        remainders[i] = share % restWeight;
        given += tokens[i];
      }
    }
    int left = (int) (rest - given);
    IntStream.range(0, weights.length)
        .boxed()
        .sorted((a, b) -> Long.compare(remainders[b], remainders[a]))
        .limit(left)
        .forEach(i -> tokens[i]++);
    return tokens;
  }
}
