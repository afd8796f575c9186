package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CacheAnalysisTest {
  private static final Offset<Double> NEAR = within(1e-9);
  // Means are 400 and 54; the medians, 300 and 60, are what counts.
  private static final int[] COLD = {100, 1_000, 300, 200, 400};
  private static final int[] WARM = {20, 90, 60, 30, 70};

  private static RequestFixture tagged(RequestFixture request, String step, int size) {
    return request
        .name(step + "_" + size)
        .tag("cacheStep", step)
        .tag("cacheTokens", Integer.toString(size));
  }

  private static RequestRecord answer(String step, int size, int ttft, double saveMillis) {
    return tagged(RequestFixture.stream(ttft, 100), step, size)
        .usage(size, 2)
        .terminator(ttft + 100 + saveMillis)
        .end(ttft + 100 + saveMillis)
        .build();
  }

  private static RequestRecord call(String step, int size, double millis) {
    return tagged(RequestFixture.chat(millis).kind(RequestKind.OPERATION), step, size).build();
  }

  private static List<RequestRecord> rounds() {
    List<RequestRecord> requests = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      requests.add(answer("cold", 2_000, COLD[round], 50));
      requests.add(call("unload", 2_000, 7));
      requests.add(call("load", 2_000, 80));
      requests.add(answer("warm", 2_000, WARM[round], 50));
    }
    return requests;
  }

  @Test
  void agentMemory_savesBehindTheLastToken_andResumesWithinTheFirst() {
    SuiteFixture cache =
        SuiteFixture.of("cache", Map.of("cache.dialect", "agent-memory"), rounds(), List.of());

    assertThat(cache.number("cache_by_size", 0, "cold_ttft")).isCloseTo(300, NEAR);
    assertThat(cache.number("cache_by_size", 0, "warm_ttft")).isCloseTo(60, NEAR);
    assertThat(cache.number("cache_by_size", 0, "resume")).isCloseTo(60, NEAR);
    assertThat(cache.value("2000_tokens", "resume_speedup")).isCloseTo(5, NEAR);
    assertThat(cache.number("cache_by_size", 0, "save")).isCloseTo(50, NEAR);
    assertThat(cache.metric("2000_tokens", "cache_load").mean()).isEqualTo(80);
    assertThat(cache.metric("2000_tokens", "cache_unload").mean()).isEqualTo(7);
  }

  @Test
  void llamaCpp_resumesByACallAndTheFirstToken() {
    SuiteFixture cache =
        SuiteFixture.of("cache", Map.of("cache.dialect", "llama.cpp"), rounds(), List.of());

    // 80 for the call, 60 to the first token: 300 / 140.
    assertThat(cache.number("cache_by_size", 0, "resume")).isCloseTo(140, NEAR);
    assertThat(cache.value("2000_tokens", "resume_speedup")).isCloseTo(300 / 140.0, NEAR);
    // What a stream does behind its last token is no save here.
    assertThat(cache.metric("2000_tokens", "cache_save").mean()).isNull();
  }

  @Test
  void ofAllSizes_theLeastSpeedupCounts() {
    List<RequestRecord> requests = new ArrayList<>(rounds());
    requests.add(answer("cold", 4_000, 600, 50));
    requests.add(answer("warm", 4_000, 400, 50));
    SuiteFixture cache =
        SuiteFixture.of("cache", Map.of("cache.dialect", "agent-memory"), requests, List.of());

    assertThat(cache.value("4000_tokens", "resume_speedup")).isCloseTo(1.5, NEAR);
    assertThat(cache.value("all", "resume_speedup")).isCloseTo(1.5, NEAR);
    assertThat(cache.remarks())
        .contains("The medians of 4000 tokens rest on 1 repetitions: ask for 5 or more.")
        .noneMatch(remark -> remark.startsWith("The medians of 2000"));
  }

  @Test
  void refusedCallsAndWarmUp_areNoSamples() {
    List<RequestRecord> requests = new ArrayList<>(rounds());
    requests.add(
        tagged(RequestFixture.chat(1), "load", 2_000)
            .outcome(Outcome.HTTP_4XX, 401, "no key")
            .build());
    requests.add(tagged(RequestFixture.stream(1, 1), "cold", 2_000).warmup().build());
    SuiteFixture cache =
        SuiteFixture.of("cache", Map.of("cache.dialect", "agent-memory"), requests, List.of());

    assertThat(cache.metric("2000_tokens", "cache_load").count()).isEqualTo(5);
    assertThat(cache.number("cache_by_size", 0, "cold_ttft")).isCloseTo(300, NEAR);
  }
}
