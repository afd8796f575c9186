package llmload.report.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import org.junit.jupiter.api.Test;

class LlmServerTextTest {
  @Test
  void summary_hasTheGuidesFigures_ofWhatSucceeded() {
    List<RequestRecord> requests = new ArrayList<>();
    // 20 answers of 100, 200 … 2000 ms, each of 30 tokens for a prompt of 15.
    for (int i = 1; i <= 20; i++) {
      requests.add(RequestFixture.chat(100 * i).notStreamed().usage(15, 30).build());
    }
    for (int i = 0; i < 5; i++) {
      requests.add(
          RequestFixture.chat(1).notStreamed().outcome(Outcome.HTTP_4XX, 401, "no key").build());
    }

    // 5 of 25 failed. All answers took 100 · 210 ms = 21 s: a mean of 1.05 s, and 600 tokens in 21
    // s
    // are 28.571 a second. The elements at ⌊0.95 · 20⌋ = 19 and ⌊0.99 · 20⌋ = 19 are the last.
    assertThat(LlmServerText.summary(requests))
        .containsExactly(
            "Total requests: 25",
            "Successful requests: 20",
            "Error count: 5",
            "Error rate: 0.200",
            "Input tokens: 300",
            "Output tokens: 600",
            "Average duration (s): 1.050",
            "Latency p95 (s): 2.000",
            "Latency p99 (s): 2.000",
            "Latency max (s): 2.000",
            "Token generation rate (tok/s): 28.571",
            "Input/output token ratio: 0.500");
  }

  @Test
  void percentile_isTheElementAtItsIndex() {
    double[] seconds = new double[40];
    for (int i = 0; i < 40; i++) {
      seconds[i] = i + 1;
    }
    // ⌊0.95 · 40⌋ = 38, from 0: the 39th. ⌊0.99 · 40⌋ = 39, ⌊1 · 40⌋ = 40: the last.
    assertThat(LlmServerText.byIndex(seconds, 0.95)).isEqualTo(39);
    assertThat(LlmServerText.byIndex(seconds, 0.99)).isEqualTo(40);
    assertThat(LlmServerText.byIndex(seconds, 1)).isEqualTo(40);
  }

  @Test
  void whatWasNotMeasured_isAbsent_andNotZero() {
    assertThat(
            LlmServerText.summary(
                List.of(
                    RequestFixture.chat(1)
                        .notStreamed()
                        .outcome(Outcome.CONNECT, null, "refused")
                        .build())))
        .contains(
            "Error rate: 1",
            "Input tokens: null",
            "Output tokens: null",
            "Average duration (s): null",
            "Latency p95 (s): null",
            "Token generation rate (tok/s): null",
            "Input/output token ratio: null");
  }
}
