package llmload.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.ChunkTimeline;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.Test;

class SuiteAveragesTest {
  private final SuiteAverages averages = new SuiteAverages();

  private static RequestRecord request(
      Phase phase, Outcome outcome, long firstMillis, long endMillis, int n, boolean stream) {
    Stamps stamps =
        new Stamps(
            null,
            null,
            null,
            null,
            null,
            null,
            firstMillis * 1_000_000,
            null,
            null,
            null,
            endMillis * 1_000_000);
    return new RequestRecord(
        "r",
        "s",
        "chat",
        1,
        0,
        phase,
        0L,
        0,
        stamps,
        ChunkTimeline.EMPTY,
        200,
        outcome,
        null,
        "stop",
        new TokenUsage(100, n, null, null, TokenCountSource.USAGE),
        null,
        0,
        "1.1",
        null,
        stream ? Map.of() : Map.of(Tags.STREAM, "false"));
  }

  @Test
  void pyagentsAverage_takesABatchAsOneCall() {
    // 300 tokens in 1 s alone; a batch of two, 200 + 400 tokens from 0 to 500 ms, 1,200 a second.
    averages.accept(RequestFixture.chat(1_000).notStreamed().usage(100, 200).build());
    averages.accept(batched(300, 100));
    averages.accept(batched(500, 300));

    assertThat(averages.numbers()).containsEntry("avg_tps", 750.0);
  }

  private static RequestRecord batched(double millis, int output) {
    return RequestFixture.chat(millis)
        .notStreamed()
        .name("batch_2")
        .tag(Tags.BATCH, "2")
        .tag(Tags.WAVE, "0")
        .usage(100, output)
        .build();
  }

  @Test
  void averages_areMeansOfEachRequestsOwnNumber() {
    averages.accept(request(Phase.MEASURE, Outcome.OK, 100, 1000, 10, true));
    averages.accept(request(Phase.MEASURE, Outcome.OK, 200, 2000, 31, true));

    // (110 / 1 s + 131 / 2 s) / 2; (100 + 200) / 2; (900 / 9 + 1800 / 30) / 2; (10 + 15.5) / 2.
    assertThat(averages.numbers())
        .containsOnlyKeys("avg_tps", "avg_ttft_ms", "avg_tbt_ms", "avg_throughput_tps");
    assertThat(averages.numbers().get("avg_tps")).isCloseTo(87.75, within(1e-9));
    assertThat(averages.numbers().get("avg_ttft_ms")).isCloseTo(150, within(1e-9));
    assertThat(averages.numbers().get("avg_tbt_ms")).isCloseTo(80, within(1e-9));
    assertThat(averages.numbers().get("avg_throughput_tps")).isCloseTo(12.75, within(1e-9));
  }

  @Test
  void searches_haveTheP95OfTheSuite_andNoneOfTheAverages() {
    // 10, 20 … 100 ms over two sizes: NumPy's rank 0.95 · 9 = 8.55 lies 55 % of the way from the
    // ninth to the tenth, 95.5 ms, where the nearest rank is the tenth.
    for (int i = 1; i <= 10; i++) {
      averages.accept(search(i % 2 == 0 ? "retrieval" : "retrieval_1000", 10 * i).build());
    }
    averages.accept(search("retrieval", 5_000).warmup().build());
    averages.accept(search("retrieval", 5_000).outcome(Outcome.HTTP_5XX, 503, "full").build());

    assertThat(averages.numbers()).containsOnlyKeys("p95_ms");
    assertThat(averages.numbers().get("p95_ms")).isCloseTo(95.5, within(1e-9));
  }

  private static RequestFixture search(String name, int millis) {
    return RequestFixture.chat(millis).name(name).kind(RequestKind.RETRIEVAL).notStreamed();
  }

  @Test
  void oneTokenAnswer_hasNoTimeBetweenTokens() {
    averages.accept(request(Phase.MEASURE, Outcome.OK, 100, 1000, 1, true));

    assertThat(averages.numbers()).doesNotContainKey("avg_tbt_ms").containsKey("avg_ttft_ms");
  }

  @Test
  void wholeAnswer_hasNoTimesOfTokens() {
    averages.accept(request(Phase.MEASURE, Outcome.OK, 100, 1000, 10, false));

    assertThat(averages.numbers()).containsOnlyKeys("avg_throughput_tps", "avg_tps");
  }

  @Test
  void warmUpAndFailures_areInNoAverage() {
    averages.accept(request(Phase.WARMUP, Outcome.OK, 100, 1000, 10, true));
    averages.accept(request(Phase.MEASURE, Outcome.HTTP_5XX, 100, 1000, 10, true));

    assertThat(averages.numbers()).isEmpty();
  }
}
