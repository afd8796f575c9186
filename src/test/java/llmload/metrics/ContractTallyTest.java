package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContractTallyTest {
  private static double number(Map<String, @Nullable Number> fields, String field) {
    Number value = fields.get(field);
    assertThat(value).as(field).isNotNull();
    return value == null ? Double.NaN : value.doubleValue();
  }

  private static Map<String, @Nullable Number> document(RequestRecord... requests) {
    ContractTally tally = new ContractTally(false);
    for (RequestRecord request : requests) {
      tally.add(request);
    }
    return tally.document(ServerFigures.NONE, 1_000);
  }

  @Test
  void averages_areThoseOfTheSuitesFormulas() {
    // First content after 100 ms, 2 tokens more, end after 400 ms: TBT (400 - 100) / 2 = 150 ms,
    // TPOT 400 / 3 = 133.33 ms, 3 / 0.4 = 7.5 tok/s. The other: 200, end 300, 2 tokens: TBT 100,
    // TPOT 150, 6.6667 tok/s.
    Map<String, @Nullable Number> fields =
        document(
            RequestFixture.stream(100, 100, 200).sent(2_000).usage(10, 3).build(),
            RequestFixture.stream(200, 100).sent(2_500).usage(10, 2).build());

    assertThat(number(fields, "avg_ttft_ms")).isCloseTo(150, within(1e-9));
    assertThat(number(fields, "avg_tbt_ms")).isCloseTo(125, within(1e-9));
    assertThat(number(fields, "avg_tpot_ms")).isCloseTo((400.0 / 3 + 150) / 2, within(1e-9));
    assertThat(number(fields, "avg_throughput_tps")).isCloseTo((7.5 + 2 / 0.3) / 2, within(1e-9));
    // Of two samples sorted[int(2 x 0.5)] is the second.
    assertThat(number(fields, "p50_ttft_ms")).isCloseTo(200, within(1e-9));
    // First sent at 2.0 s, last end at 2.8 s; the anchor is 1,000 s after 1970.
    assertThat(number(fields, "total_time_s")).isCloseTo(0.8, within(1e-9));
    assertThat(number(fields, "start_time")).isCloseTo(1_002, within(1e-6));
    assertThat(number(fields, "end_time")).isCloseTo(1_002.8, within(1e-6));
    assertThat(fields).hasSize(22);
  }

  @Test
  void tenRequestsOfWhichOneFailed_areTen_andAnErrorRateOfATenth() {
    ContractTally tally = new ContractTally(false);
    for (int i = 0; i < 9; i++) {
      tally.add(RequestFixture.stream(10, 10).usage(5, 2).build());
    }
    tally.add(RequestFixture.stream(1).outcome(Outcome.HTTP_5XX, 500, "broken").build());
    Map<String, @Nullable Number> fields = tally.document(ServerFigures.NONE, 0);

    assertThat(fields)
        .containsEntry("total_requests", 10L)
        .containsEntry("successful_requests", 9L)
        .containsEntry("failed_requests", 1L)
        .containsEntry("error_rate", 0.1);
    assertThat(number(fields, "avg_ttft_ms")).isCloseTo(10, within(1e-9));
  }

  @Test
  void allFailed_leavesNothingButCounts() {
    Map<String, @Nullable Number> fields =
        document(RequestFixture.stream(1).outcome(Outcome.HTTP_4XX, 400, "bad").build());

    assertThat(fields).containsEntry("total_requests", 1L).containsEntry("error_rate", 1.0);
    assertThat(fields)
        .containsEntry("avg_ttft_ms", null)
        .containsEntry("avg_throughput_tps", null)
        .containsEntry("total_time_s", null)
        .containsEntry("start_time", null);
  }

  @Test
  void answerInOnePiece_hasNoTtftAndNoTbt() {
    Map<String, @Nullable Number> fields =
        document(RequestFixture.chat(300).notStreamed().usage(10, 3).build());

    assertThat(fields).containsEntry("avg_ttft_ms", null).containsEntry("avg_tbt_ms", null);
    assertThat(number(fields, "avg_tpot_ms")).isCloseTo(100, within(1e-9));
  }

  @Test
  void percentile_isTheSampleAtTheCutIndex() {
    IndexedSamples samples = new IndexedSamples();
    for (int i = 100; i >= 1; i--) {
      samples.add(i);
    }
    // int(100 x 0.5) = 50, the 51st of 1 to 100; int(100 x 0.99) = 99, the last.
    assertThat(samples.percentile(0.5)).isEqualTo(51);
    assertThat(samples.percentile(0.99)).isEqualTo(100);
    assertThat(samples.percentile(1)).isEqualTo(100);
    assertThat(new IndexedSamples().percentile(0.5)).isNull();
  }

  @Test
  void lengths_keepTenPercent() {
    LengthTally lengths = new LengthTally();
    lengths.add(30, 27);
    lengths.add(30, 33);
    assertThat(lengths.offCount()).isZero();
    lengths.add(30, 26);
    lengths.add(30, 34);
    lengths.add(128, 9);
    lengths.add(30, null);
    lengths.add(null, 5);

    assertThat(lengths.offCount()).isEqualTo(3);
    assertThat(lengths.countedCount()).isEqualTo(5);
    assertThat(lengths.uncountedCount()).isEqualTo(1);
    assertThat(lengths.leastTokens()).isEqualTo(9);
  }
}
