package llmload.report.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.metrics.SuiteResults;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.SeriesPoint;
import org.junit.jupiter.api.Test;

class MonitoringIntervalsTest {
  private final List<RequestRecord> requests = new ArrayList<>();

  private static SeriesPoint tenSeconds(double startSeconds) {
    return new SeriesPoint(startSeconds, 10, 0, 0, 0, 0, 0, null, null, null, null, null, null);
  }

  private MonitoringIntervals intervals() {
    SuiteResults results = new SuiteResults(Map.of());
    requests.forEach(results::add);
    results.finish();
    MonitoringIntervals intervals =
        new MonitoringIntervals(List.of(tenSeconds(0), tenSeconds(10)), results);
    requests.forEach(intervals::add);
    return intervals;
  }

  private void chats(int count, int millis, double sentMillis) {
    for (int i = 0; i < count; i++) {
      requests.add(RequestFixture.stream(millis).name("concurrency_5").sent(sentMillis).build());
    }
  }

  private static RequestFixture search(int millis, double sentMillis) {
    return RequestFixture.chat(millis)
        .name("retrieval")
        .kind(RequestKind.RETRIEVAL)
        .notStreamed()
        .sent(sentMillis);
  }

  @Test
  void interval_hasTheSearchesThatEndedInIt_andNoOther() {
    // The first request is sent at 1 s, so the intervals are 1 to 11 s and 11 to 21 s.
    for (int i = 1; i <= 10; i++) {
      requests.add(search(10 * i, 1_000).build());
    }
    requests.add(search(9_000, 5_000).build());
    requests.add(search(500, 2_000).outcome(Outcome.HTTP_5XX, 503, "full").build());
    requests.add(search(500, 0).warmup().build());
    chats(20, 700, 3_000);

    MonitoringIntervals intervals = intervals();
    // 10, 20 … 100 ms: 0.95 · 9 = 8.55, from 90 to 100 ms 55 % of the way.
    assertThat(intervals.searchP95Millis(0).orElseThrow()).isCloseTo(95.5, within(1e-9));
    // Sent in the first interval, ended at 14 s in the second.
    assertThat(intervals.searchP95Millis(1)).hasValue(9_000);
  }

  @Test
  void spikes_areCountedWhereTheyEnd_byWhatTheWholeRunSaysOfTheirKind() {
    // 29 of 10 ms, one of 100: mean 13, s = √(90² · 29 ÷ 30 ÷ 29) = 16.4, so that above 62.3 ms is
    // one, in the first interval.
    chats(19, 10, 1_000);
    chats(1, 100, 1_500);
    chats(10, 10, 15_000);
    // Searches are no answers, however long they take.
    requests.add(search(5_000, 1_000).build());

    MonitoringIntervals intervals = intervals();
    assertThat(intervals.spikeRatio(0)).hasValue(0.05);
    assertThat(intervals.spikeRatio(1)).hasValue(0);
    // The last ten seconds reach from 5.01 to 15.01 s: the ten of the second interval.
    assertThat(intervals.currentSpikeRatio()).hasValue(0);
  }

  @Test
  void fewAnswers_sayNothing() {
    chats(11, 10, 1_000);
    chats(9, 10, 15_000);

    MonitoringIntervals intervals = intervals();
    assertThat(intervals.spikeRatio(0)).hasValue(0);
    assertThat(intervals.spikeRatio(1)).isEmpty();
    assertThat(intervals.currentSpikeRatio()).isEmpty();
    assertThat(intervals.searchP95Millis(1)).isEmpty();
  }
}
