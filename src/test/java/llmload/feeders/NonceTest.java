package llmload.feeders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NonceTest {
  @Test
  void tags_ofOneRun_neverRepeat() {
    Nonce nonce = new Nonce(1, "run");
    Set<String> tags = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      tags.add(nonce.next());
    }

    assertThat(tags).hasSize(200_000).allMatch(tag -> tag.matches("[0-9a-f]{8}"));
  }

  @Test
  void tags_ofNeighbours_differEarly() {
    Nonce nonce = new Nonce(1, "run");
    // Of 1,000 even draws from 256 pairs of first digits about 251 pairs are hit: 256(1 -
    // e^(-1000/256)).
    long beginnings =
        IntStream.range(0, 1_000).mapToObj(i -> nonce.next().substring(0, 2)).distinct().count();

    assertThat(beginnings).isGreaterThan(235);
  }

  @Test
  void tags_sameSeedAndRun_areTheSame() {
    assertThat(new Nonce(7, "a").next()).isEqualTo(new Nonce(7, "a").next());
  }

  @Test
  void tags_otherSeedOrRun_areOthers() {
    String tag = new Nonce(7, "a").next();

    assertThat(new Nonce(8, "a").next()).isNotEqualTo(tag);
    assertThat(new Nonce(7, "b").next()).isNotEqualTo(tag);
  }

  @Test
  void prompt_tagged_beginsWithTheTag() {
    assertThat(new Nonce(7, "a").tag("Hi")).isEqualTo("[" + new Nonce(7, "a").next() + "] Hi");
  }
}
