package llmload.simulations.scenarios;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Whole shares of a total. */
public final class Shares {
  private Shares() {}

  /**
   * The total divided by weights, by the method of the largest remainder: the shares add up to the
   * total, and none is further than one from its exact part. Of equal remainders the first wins.
   */
  public static long[] of(long total, int... weights) {
    long sum = IntStream.of(weights).asLongStream().sum();
    long[] shares = new long[weights.length];
    long[] remainders = new long[weights.length];
    for (int i = 0; i < weights.length; i++) {
      shares[i] = Math.floorDiv(Math.multiplyExact(total, weights[i]), sum);
      remainders[i] = Math.floorMod(Math.multiplyExact(total, weights[i]), sum);
    }
    long left = total - Arrays.stream(shares).sum();
    IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> remainders[i]).reversed())
        .limit(left)
        .forEach(i -> shares[i]++);
    return shares;
  }
}
