package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AgentsAnalysisTest {
  private static final Offset<Double> NEAR = within(1e-9);

  private static RequestFixture request(int agents, int wave, double sentMillis, double millis) {
    return RequestFixture.chat(millis)
        .name("agents_" + agents)
        .tag("agents", Integer.toString(agents))
        .tag("wave", Integer.toString(wave))
        .sent(sentMillis);
  }

  /** One agent: 2 x 50 tokens from 0 to 4 s. Three: 300 tokens from 10 s to 14 s. */
  private static List<RequestRecord> groups() {
    List<RequestRecord> requests = new ArrayList<>();
    requests.add(request(1, 0, 0, 2_000).usage(10, 50).build());
    requests.add(request(1, 1, 2_000, 2_000).usage(10, 50).build());
    for (int agent = 0; agent < 3; agent++) {
      // The fast ones wait for the slow one, which a mean of rates would not see.
      requests.add(request(3, 0, 10_000 + agent, 500 + 500 * agent).usage(10, 50).build());
      requests.add(request(3, 1, 12_000 + 2 * agent, 1_996).usage(10, 50).build());
    }
    return requests;
  }

  @Test
  void groups_areTokensOverTheirTime_comparedWithOne() {
    SuiteFixture agents = SuiteFixture.of("agents", Map.of(), groups(), List.of());

    assertThat(agents.number("throughput_comparison", 0, "tokens_per_second")).isCloseTo(25, NEAR);
    assertThat(agents.number("throughput_comparison", 1, "elapsed")).isCloseTo(4, NEAR);
    assertThat(agents.number("throughput_comparison", 1, "tokens_per_second")).isCloseTo(75, NEAR);
    assertThat(agents.value("agents_3", "agent_speedup")).isCloseTo(3, NEAR);
    // The wave that is furthest apart: 12,000 to 12,004.
    assertThat(agents.number("throughput_comparison", 1, "start_spread_max")).isCloseTo(4, NEAR);
    assertThat(agents.remarks())
        .containsExactly("3 agents at once have 3.00 times the throughput of one.");
  }

  @Test
  void failedAnswers_bringNoTokens() {
    List<RequestRecord> requests = new ArrayList<>(groups());
    requests.add(
        request(3, 1, 12_000, 1).usage(10, 5_000).outcome(Outcome.HTTP_4XX, 401, "no key").build());
    SuiteFixture agents = SuiteFixture.of("agents", Map.of(), requests, List.of());

    assertThat(agents.number("throughput_comparison", 1, "total_tokens")).isEqualTo(300);
  }

  @Test
  void uncountedTokens_giveNoThroughput() {
    List<RequestRecord> requests = new ArrayList<>(groups());
    requests.add(request(3, 1, 12_000, 1).build());
    SuiteFixture agents = SuiteFixture.of("agents", Map.of(), requests, List.of());

    assertThat(agents.cell("throughput_comparison", 1, "tokens_per_second")).isNull();
    assertThat(agents.metric("agents_3", "agent_speedup").value()).isNull();
  }

  @Test
  void withoutOneAgent_thereIsNothingToCompareWith() {
    List<RequestRecord> requests =
        groups().stream().filter(r -> r.request().equals("agents_3")).toList();
    SuiteFixture agents = SuiteFixture.of("agents", Map.of(), requests, List.of());

    assertThat(agents.metric("agents_3", "agent_speedup").value()).isNull();
    assertThat(agents.remarks())
        .containsExactly(
            "No speed-up can be told: there is no counted run of 1 agent to compare with.");
  }

  @Test
  void littleGain_isSaid() {
    List<RequestRecord> requests = new ArrayList<>();
    requests.add(request(1, 0, 0, 1_000).usage(10, 100).build());
    // 110 and 90 tokens a second against 100.
    requests.add(request(2, 0, 5_000, 1_000).usage(10, 110).build());
    requests.add(request(3, 0, 9_000, 1_000).usage(10, 90).build());
    SuiteFixture agents = SuiteFixture.of("agents", Map.of(), requests, List.of());

    assertThat(agents.remarks())
        .containsExactly(
            "2 agents at once have 1.10 times the throughput of one, below 1.2: look whether the"
                + " server batches.",
            "3 agents at once have 0.90 times the throughput of one, less than one after the"
                + " other: the server does not batch them.");
  }
}
