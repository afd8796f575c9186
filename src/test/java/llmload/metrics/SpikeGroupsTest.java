package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import llmload.model.Outcome;
import llmload.model.RequestKind;
import org.junit.jupiter.api.Test;

class SpikeGroupsTest {
  private final SpikeGroups spikes = new SpikeGroups();

  private static RequestFixture held(int concurrency, int millis) {
    return RequestFixture.stream(millis)
        .name("held")
        .tag("concurrency", Integer.toString(concurrency));
  }

  private void add(int count, RequestFixture request) {
    for (int i = 0; i < count; i++) {
      spikes.add(request.build());
    }
  }

  @Test
  void levels_areJudgedByThemselves() {
    // In one heap the median is 10 and the deviation 0: 20 of 120 would be spikes, 16.7 %.
    add(100, held(1, 10));
    add(20, held(20, 1000));

    assertThat(spikes.ratio()).hasValue(0);
    assertThat(spikes.robustRatio()).hasValue(0);
  }

  @Test
  void spikesOfEachLevel_addUp() {
    // 19 of 10 ms and one of 100: mean 14.5, s = √(90² · 19 ÷ 20 ÷ 19) = 20.1; above 74.9 ms is one
    // of 20. The other level has two of 40 above 10 + 0.
    add(19, held(1, 10));
    add(1, held(1, 100));
    add(38, held(5, 50));
    add(2, held(5, 500));

    // Level 5: mean 72.5, s = √(450² · 38 · 2 ÷ 40 ÷ 39) = 99.3; above 370.5 ms are two of 40.
    assertThat(spikes.ratio()).hasValue(3 / 60.0);
    assertThat(spikes.robustRatio()).hasValue(3 / 60.0);
    assertThat(spikes.judge(held(5, 371).build())).hasValue(1);
    assertThat(spikes.judge(held(5, 370).build())).hasValue(0);
    assertThat(spikes.judge(held(1, 371).build())).hasValue(1);
    assertThat(spikes.judge(held(7, 371).build())).isEmpty();
  }

  @Test
  void promptLengthsAndNames_areKindsToo() {
    for (int words : new int[] {10, 1000}) {
      add(10, RequestFixture.stream(words).name("token_throughput").tag("prompt", "" + words));
    }
    add(12, RequestFixture.stream(5_000).name("batch_64"));

    assertThat(spikes.robustRatio()).hasValue(0);
  }

  @Test
  void searchesFailuresAndFewSamples_areNotJudged() {
    add(50, RequestFixture.chat(3).name("retrieval").kind(RequestKind.RETRIEVAL).notStreamed());
    add(50, held(1, 10).outcome(Outcome.HTTP_5XX, 503, "full"));
    add(9, held(2, 10));

    assertThat(spikes.ratio()).isEmpty();
    assertThat(spikes.robustRatio()).isEmpty();
    assertThat(spikes.judge(held(2, 10).build())).isEmpty();
  }
}
