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

  private static RequestRecord answer(
      String step, int size, int round, int ttft, double saveMillis) {
    return tagged(RequestFixture.stream(ttft, 100), step, size)
        .tag("cacheRound", Integer.toString(round))
        .usage(size, 2)
        .terminator(ttft + 100 + saveMillis)
        .end(ttft + 100 + saveMillis)
        .build();
  }

  private static RequestFixture operation(String step, int size, int round, double millis) {
    return tagged(RequestFixture.chat(millis).kind(RequestKind.OPERATION), step, size)
        .tag("cacheRound", Integer.toString(round));
  }

  private static RequestRecord call(String step, int size, int round, double millis) {
    return operation(step, size, round, millis).build();
  }

  private static RequestRecord refused(String step, int size, int round) {
    return operation(step, size, round, 1).outcome(Outcome.HTTP_5XX, 501, "no sessions").build();
  }

  private static RequestRecord deletedBefore() {
    return tagged(RequestFixture.chat(1).kind(RequestKind.OPERATION), "delete", 2_000)
        .warmup()
        .build();
  }

  private static List<RequestRecord> rounds() {
    List<RequestRecord> requests = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      requests.add(answer("cold", 2_000, round, COLD[round], 50));
      requests.add(call("unload", 2_000, round, 7));
      requests.add(call("load", 2_000, round, 80));
      requests.add(answer("warm", 2_000, round, WARM[round], 50));
      requests.add(call("delete", 2_000, round, 3));
    }
    return requests;
  }

  private static SuiteFixture of(String dialect, List<RequestRecord> requests) {
    return SuiteFixture.of("cache", Map.of("cache.dialect", dialect), requests, List.of());
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
    List<RequestRecord> requests = new ArrayList<>(rounds());
    requests.add(deletedBefore());
    SuiteFixture cache = of("llama.cpp", requests);

    // 80 for the call, 60 to the first token: 300 / 140.
    assertThat(cache.number("cache_by_size", 0, "resume")).isCloseTo(140, NEAR);
    assertThat(cache.value("2000_tokens", "resume_speedup")).isCloseTo(300 / 140.0, NEAR);
    // What a stream does behind its last token is no save here.
    assertThat(cache.metric("2000_tokens", "cache_save").mean()).isNull();
  }

  @Test
  void ofAllSizes_theLeastSpeedupCounts() {
    List<RequestRecord> requests = new ArrayList<>(rounds());
    requests.add(answer("cold", 4_000, 0, 600, 50));
    requests.add(call("load", 4_000, 0, 80));
    requests.add(answer("warm", 4_000, 0, 400, 50));
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
    requests.add(operation("load", 2_000, 5, 1).outcome(Outcome.HTTP_4XX, 401, "no key").build());
    requests.add(tagged(RequestFixture.stream(1, 1), "cold", 2_000).warmup().build());
    SuiteFixture cache =
        SuiteFixture.of("cache", Map.of("cache.dialect", "agent-memory"), requests, List.of());

    assertThat(cache.metric("2000_tokens", "cache_load").count()).isEqualTo(5);
    assertThat(cache.number("cache_by_size", 0, "cold_ttft")).isCloseTo(300, NEAR);
  }

  @Test
  void sessionsThatTheServerDoesNotKnow_giveNeitherSavesNorAResume() {
    List<RequestRecord> requests = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      // As the served model had it: the second "cold" found the first one's prompt.
      requests.add(answer("cold", 2_000, round, round == 0 ? 763 : 20, 1.4));
      requests.add(refused("load", 2_000, round));
      requests.add(answer("warm", 2_000, round, 19, 1.4));
      requests.add(refused("delete", 2_000, round));
    }
    SuiteFixture cache = of("agent-memory", requests);

    assertThat(cache.number("cache_by_size", 0, "cold_ttft")).isCloseTo(763, NEAR);
    assertThat(cache.cell("cache_by_size", 0, "warm_ttft")).isNull();
    assertThat(cache.metric("2000_tokens", "resume_speedup").value()).isNull();
    assertThat(cache.metric("all", "resume_speedup").notMeasured())
        .isEqualTo(
            "no cold start whose session had been deleted, or no warm one whose session the server"
                + " knew");
    assertThat(cache.metric("2000_tokens", "cache_save").count()).isZero();
    assertThat(cache.metric("all", "cache_save").notMeasured())
        .isEqualTo("of 4 answers, none was followed by a call that found its session");
    assertThat(cache.remarks())
        .contains(
            // The second cold one, and both warm ones.
            "3 starts of 2000 tokens do not count: a cold one needs a session that was deleted"
                + " before, a warm one a session that the server found.",
            "4 saves of 2000 tokens do not count: no call after them found the session.");
  }

  @Test
  void coldStartAfterAFailedDeletion_countsWhereTheServerHadNothingCached() {
    List<RequestRecord> requests = new ArrayList<>();
    requests.add(answer("cold", 2_000, 0, 500, 50));
    requests.add(refused("delete", 2_000, 0));
    RequestFixture second =
        tagged(RequestFixture.stream(300, 100), "cold", 2_000).tag("cacheRound", "1");
    requests.add(second.cached(0).build());
    SuiteFixture cache = of("agent-memory", requests);

    // The median of two is the lesser, by nearest rank: 500 if the second did not count.
    assertThat(cache.number("cache_by_size", 0, "cold_ttft")).isCloseTo(300, NEAR);
  }

  @Test
  void slotThatNobodyErasedFirst_isNotCold() {
    SuiteFixture cache = of("llama.cpp", List.of(answer("cold", 2_000, 0, 300, 50)));

    assertThat(cache.cell("cache_by_size", 0, "cold_ttft")).isNull();
  }

  @Test
  void serverWithoutSessions_isHeldToNoCall() {
    SuiteFixture cache =
        of("prefix", List.of(answer("cold", 2_000, 1, 300, 50), answer("warm", 2_000, 1, 100, 50)));

    assertThat(cache.value("2000_tokens", "resume_speedup")).isCloseTo(3, NEAR);
  }
}
