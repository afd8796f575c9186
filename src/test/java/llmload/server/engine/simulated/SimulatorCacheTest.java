package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The scheduler and its cache in virtual time, every expected moment by hand. */
class SimulatorCacheTest extends SimulatorContract {
  @Test
  void repeatedPrefix_isNotComputedAgain() {
    simulator("kvBlocks", "100", "blockTokens", "16");
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(100, 0), 1, first);
    runUntil(200);
    submit(prompt(100, 0), 1, second);

    runUntil(1_000);

    // 6 blocks of 16 are full: 96 of the 100 tokens are known, 4 are left to compute.
    assertThat(second.tokens).containsExactly(214L);
    assertThat(second.result).isNotNull();
    assertThat(second.result.cachedTokenCount()).isEqualTo(96);
    assertThat(cache().queriedTokens()).isEqualTo(200);
    assertThat(cache().hitTokens()).isEqualTo(96);
  }

  @Test
  void cacheOff_computesARepeatedPrefixAgain() {
    simulator("kvBlocks", "100", "prefixCache", "false");
    Noting second = new Noting();
    submit(prompt(100, 0), 1, new Noting());
    runUntil(200);
    submit(prompt(100, 0), 1, second);

    runUntil(1_000);

    assertThat(second.tokens).containsExactly(310L);
    assertThat(second.result).isNotNull();
    assertThat(second.result.cachedTokenCount()).isNull();
  }

  @Test
  void smallCache_evictsTheOlderPrefix() {
    simulator("kvBlocks", "8", "blockTokens", "16");
    submit(prompt(96, 0), 1, new Noting());
    runUntil(200);
    submit(prompt(96, 1_000), 1, new Noting());
    runUntil(400);
    // 8 blocks: the second prompt took the 2 spare ones and 4 of the first one's, from its end.
    assertThat(cache().evictedBlockCount()).isEqualTo(4);
    Noting again = new Noting();
    submit(prompt(96, 0), 1, again);

    runUntil(1_000);

    // 2 blocks of 16 are left of the first prompt: 64 tokens to compute.
    assertThat(again.tokens).containsExactly(400L + 64 + 10);
  }

  @Test
  void cacheWithoutRoom_letsTheNextWait() {
    simulator("kvBlocks", "8", "blockTokens", "16");
    Noting second = new Noting();
    submit(prompt(100, 0), 2, new Noting());
    submit(prompt(50, 500), 1, second);

    runUntil(1_000);

    // The first holds 7 of 8 blocks until its second token at 115 ms; then 50 + 10 ms.
    assertThat(second.begun).containsExactly(115L);
    assertThat(second.tokens).containsExactly(175L);
  }

  @Test
  void cacheThatFillsWhileDecoding_putsTheLastAdmittedBackAndResumesIt() {
    simulator("kvBlocks", "4", "blockTokens", "16", "prefixCache", "false");
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(31, 0), 4, first);
    submit(prompt(31, 500), 4, second);

    runUntil(1_000);

    // Each holds 2 of 4 blocks. The first's tokens: prompt 31 ms + 10 = 41 ms (its 32nd token), and
    // 46 ms, its 33rd, which needs a block: the second, whose prompt is done at 62 ms, goes back.
    // From 46 ms on: 51, 56 ms, the end. Then the second is computed anew, 31 ms without base.
    assertThat(first.tokens).containsExactly(41L, 46L, 51L, 56L);
    assertThat(second.tokens).containsExactly(93L, 98L, 103L, 108L);
    assertThat(cache().preemptionCount()).isEqualTo(1);
    assertThat(cache().recomputedTokens()).isEqualTo(31);
    assertThat(cache().usedBlockCount()).isZero();
  }
}
