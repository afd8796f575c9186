package llmload.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import llmload.model.Flag;
import llmload.model.TokenCountSource;
import llmload.wire.UsageTally.Field;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenSpreadTest {

  @Test
  void usage_equalsChunks_oneEach() {
    TokenSpread spread = spread(3, null, 9, 1, 1);

    assertThat(spread.tokens()).containsExactly(1, 1, 1);
    assertThat(spread.usage().source()).isEqualTo(TokenCountSource.USAGE);
    assertThat(spread.flags()).isEmpty();
  }

  @Test
  void usage_oneMoreThanChunks_isTheEndTokenOnlyAfterStop() {
    assertThat(spread(3, "stop", 1, 9).tokens()).containsExactly(1, 1);
    assertThat(spread(4, "stop", 1, 9).tokens()).containsExactly(1, 3);
    // Two chunks and three tokens, cut at the limit: the longer one holds the third.
    assertThat(spread(3, "length", 1, 9).tokens()).containsExactly(1, 2);
  }

  @Test
  void usage_tenTokensInOneChunk_wins() {
    assertThat(spread(10, "stop", 40).tokens()).containsExactly(10);
    assertThat(spread(5_000, "length", 20_000).tokens()).containsExactly(5_000);
  }

  @Test
  void spread_byCharacters_largestRemainderAndAtLeastOne() {
    // 40, 4, 4 of 48 characters, 5 tokens: 4.17, 0.42, 0.42; the short ones get 1 each, 3 are left.
    assertThat(TokenSpread.spread(5, new int[] {40, 4, 4})).containsExactly(3, 1, 1);
    // 10, 6, 4 of 20 characters, 7 tokens: 3.5, 2.1, 1.4; the remainder .5 gets the seventh.
    assertThat(TokenSpread.spread(7, new int[] {10, 6, 4})).containsExactly(4, 2, 1);
    // Equal shares of 1.5: the earlier chunk gets the odd one.
    assertThat(TokenSpread.spread(3, new int[] {2, 2})).containsExactly(2, 1);
    // Fewer tokens than chunks: 0.67 each, the two earlier ones get one.
    assertThat(TokenSpread.spread(2, new int[] {5, 5, 5})).containsExactly(1, 1, 0);
  }

  @Property(seed = "4", tries = 500)
  void spread_anyWeights_sumsAndKeepsOrder(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 500) Integer> lengths,
      @ForAll @IntRange(max = 3_000) int total) {
    int[] weights = lengths.stream().mapToInt(Integer::intValue).toArray();
    int[] tokens = TokenSpread.spread(total, weights);

    assertThat(IntStream.of(tokens).sum()).isEqualTo(total);
    assertThat(IntStream.of(tokens).min().orElseThrow())
        .isGreaterThanOrEqualTo(total >= weights.length ? 1 : 0);
    for (int i = 1; i < weights.length; i++) {
      if (weights[i] > weights[i - 1]) {
        assertThat(tokens[i]).isGreaterThanOrEqualTo(tokens[i - 1]);
      }
    }
  }

  @Test
  void continuousUsage_runningTotals_giveTheirDifferences() {
    ChunkLog log = new ChunkLog();
    log.add(1, 4, 1, 2);
    log.add(2, 4, 1, 5);
    log.add(3, 4, 1, 6);
    TokenSpread spread = TokenSpread.of(log, usage(7), null, false, "stop");

    assertThat(spread.tokens()).containsExactly(2, 3, 1);
    assertThat(spread.usage().source()).isEqualTo(TokenCountSource.CONTINUOUS_USAGE);
    assertThat(spread.usage().outputTokens()).isEqualTo(7);
  }

  @Test
  void continuousUsage_constantFallingOrWithGaps_isNone() {
    for (Integer[] totals : new Integer[][] {{6, 6, 6}, {2, 1, 6}, {2, null, 6}, {null, 5, 6}}) {
      ChunkLog log = new ChunkLog();
      for (Integer total : totals) {
        log.add(1, 4, 1, total);
      }
      TokenSpread spread = TokenSpread.of(log, usage(6), null, false, null);

      assertThat(spread.usage().source()).isEqualTo(TokenCountSource.USAGE);
      assertThat(spread.tokens()).containsExactly(2, 2, 2);
    }
  }

  @Test
  void continuousUsage_manyChunks_growsWithThem() {
    ChunkLog log = new ChunkLog();
    for (int i = 1; i <= 1_000; i++) {
      log.add(i, 1, 1, 3 * i);
    }

    assertThat(TokenSpread.of(log, usage(3_000), null, false, null).tokens()).containsOnly(3);
  }

  @Test
  void noUsage_tokenizerElsePieces() {
    TokenSpread counted =
        TokenSpread.of(log(4, 4), new UsageTally(), new int[] {3, 1}, false, null);
    TokenSpread pieces = TokenSpread.of(log(4, 4), new UsageTally(), null, false, null);

    assertThat(counted.tokens()).containsExactly(3, 1);
    assertThat(counted.usage().outputTokens()).isEqualTo(4);
    assertThat(counted.usage().source()).isEqualTo(TokenCountSource.TOKENIZER);
    assertThat(counted.flags()).isEmpty();
    assertThat(pieces.usage().outputTokens()).isEqualTo(2);
    assertThat(pieces.usage().source()).isEqualTo(TokenCountSource.CHUNKS);
    assertThat(pieces.flags()).containsExactly(Flag.USAGE_MISSING);
  }

  @Test
  void nothingAtAll_isAbsentAndNotZero() {
    TokenSpread spread = TokenSpread.of(new ChunkLog(), new UsageTally(), null, false, null);

    assertThat(spread.usage()).isEqualTo(llmload.model.TokenUsage.NONE);
    assertThat(spread.tokens()).isEmpty();
  }

  @Test
  void contradiction_moreTextsThanTokens_isFlagged() {
    // 21 texts are 5 % more than 20 tokens, 22 are 10 % more; 10 are legal, being several at once.
    assertThat(flags(20, 21)).isEmpty();
    assertThat(flags(20, 22)).containsExactly(Flag.USAGE_CONTRADICTION);
    assertThat(flags(20, 10)).isEmpty();
  }

  @Test
  void contradiction_tokenizerHalfAsManyMore_isFlagged() {
    assertThat(TokenSpread.contradicts(30, 20, true)).isTrue();
    assertThat(TokenSpread.contradicts(10, 20, true)).isTrue();
    assertThat(TokenSpread.contradicts(100, 106, true)).isTrue();
    assertThat(TokenSpread.contradicts(100, 105, true)).isFalse();
    // The end token and a character held back have no text.
    assertThat(TokenSpread.contradicts(3, 1, true)).isFalse();
  }

  @Test
  void hiddenReasoning_countedButNotSent_isTakenOutBeforeTheSpread() {
    UsageTally usage = usage(50);
    usage.put(Field.REASONING, 48L);
    TokenSpread spread = TokenSpread.of(log(4, 4), usage, null, false, null);

    assertThat(spread.tokens()).containsExactly(1, 1);
    assertThat(spread.usage().outputTokens()).isEqualTo(50);
    assertThat(spread.usage().reasoningTokens()).isEqualTo(48);
  }

  @Test
  void usage_impossibleNumbers_areLeftOutAndFlagged() {
    UsageTally usage = usage(2);
    usage.put(Field.OUTPUT, -5L);
    usage.put(Field.OUTPUT, 1_000_000_000_000_000_000L);
    usage.put(Field.OUTPUT, null);
    TokenSpread spread = TokenSpread.of(log(4, 4), usage, null, false, null);

    assertThat(spread.usage().outputTokens()).isEqualTo(2);
    assertThat(spread.flags()).containsExactly(Flag.USAGE_INVALID);
  }

  private static java.util.Set<Flag> flags(int total, int chunks) {
    return TokenSpread.of(log(new int[chunks]), usage(total), null, false, null).flags();
  }

  private static TokenSpread spread(int total, @Nullable String finish, int... chars) {
    return TokenSpread.of(log(chars), usage(total), null, false, finish);
  }

  private static ChunkLog log(int... chars) {
    ChunkLog log = new ChunkLog();
    for (int n : chars) {
      log.add(1, Math.max(1, n));
    }
    return log;
  }

  private static UsageTally usage(long output) {
    UsageTally usage = new UsageTally();
    usage.put(Field.OUTPUT, output);
    return usage;
  }
}
