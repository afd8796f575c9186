package llmload.analysis;

import static java.util.Objects.requireNonNull;
import static llmload.metrics.RequestFixture.chat;
import static llmload.metrics.RequestFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import llmload.model.CoreMetric;
import llmload.model.DistributionShape;
import llmload.model.ErrorExample;
import llmload.model.Flag;
import llmload.model.GatlingCount;
import llmload.model.JournalFooter;
import llmload.model.MetricSummary;
import llmload.model.Operator;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.RunCounts;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import org.junit.jupiter.api.Test;

class RunAnalysisTest {
  private static final RunManifest CLOSED = ManifestFixture.closed();

  @Test
  void counts_exampleRun_startedIsOkFailedAndIncomplete() {
    RunAnalysis analysis = new RunAnalysis(ExampleRun.manifest());
    ExampleRun.requests().forEach(analysis::accept);
    analysis.accept(chat(5).warmup().build());
    JournalFooter footer = new JournalFooter(6, 4, 2, 1, 1, 2, 0, null);
    RunMeasurements run = analysis.finish(footer, 5, 0);
    assertThat(run.counts())
        .isEqualTo(
            new RunCounts(
                6L,
                4,
                2,
                1,
                1,
                2L,
                1,
                Map.of(Outcome.OK, 2L, Outcome.SCHEMA, 1L, Outcome.INCOMPLETE, 1L)));
    // First sent 1 ms, last end of an OK or failed one 2001 + 40 ms.
    assertThat(run.durationSeconds()).isEqualTo(2.04);
    assertThat(run.footer()).isEqualTo(footer);
    // C had a token 30 ms after it was sent.
    assertThat(run.failedStreamTtft().mean()).isEqualTo(30);
    assertThat(run.failedStreamTtft().count()).isEqualTo(1);
    assertThat(run.errors())
        .containsExactly(
            new ErrorExample("chat", Outcome.SCHEMA, 200, "does not fit its schema", 1));
    assertThat(run.tokenSources()).containsExactly(entry(TokenCountSource.USAGE, 2L));
  }

  @Test
  void shapes_exampleRun_areOfTheHeadlineLatenciesOfOkRequests() {
    RunAnalysis analysis = new RunAnalysis(ExampleRun.manifest());
    ExampleRun.requests().forEach(analysis::accept);
    Map<String, Map<String, DistributionShape>> shapes = analysis.finish(null, 4, 0).shapes();

    assertThat(shapes).containsOnlyKeys("all", "chat");
    Map<String, DistributionShape> all = requireNonNull(shapes.get("all"));
    assertThat(all).containsOnlyKeys("ttft", "itl", "e2e");
    // Of two samples 50 % is the first; A's first token came after 100 ms, B's after 200 ms.
    assertThat(requireNonNull(all.get("ttft")).quantiles())
        .containsEntry(0.0, 100.0)
        .containsEntry(50.0, 100.0)
        .containsEntry(100.0, 200.0)
        .doesNotContainKey(55.0);
    // A: 50, 50 ÷ 2 twice, 300; B: 80.
    assertThat(requireNonNull(all.get("itl")).count()).isEqualTo(5);
    // A: 100 + 50 + 50 + 300; B: 200 + 80.
    assertThat(requireNonNull(all.get("e2e")).quantiles())
        .containsEntry(0.0, 280.0)
        .containsEntry(100.0, 500.0);
  }

  @Test
  void counts_noFooter_plannedAndDroppedAreUnknown() {
    RunMeasurements run = measure(CLOSED, stream(100).build());
    assertThat(run.counts().plannedCount()).isNull();
    assertThat(run.counts().droppedCount()).isNull();
    assertThat(run.footer()).isNull();
  }

  @Test
  void finish_nothing_isAbsentEverywhere() {
    RunMeasurements run = measure(CLOSED);
    assertThat(run.durationSeconds()).isZero();
    assertThat(run.counts().startedCount()).isZero();
    assertThat(run.metrics()).containsOnlyKeys("all");
    // Recall is of searches alone.
    assertThat(metrics(run, "all").keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(CoreMetric.values())
                .filter(metric -> metric != CoreMetric.RECALL_AT_K)
                .map(CoreMetric::id)
                .toList());
    assertThat(reason(run, "all", "ttft")).isEqualTo("no generation request was measured");
    assertThat(reason(run, "all", "error_rate")).isEqualTo("no generation request was measured");
    assertThat(run.series()).isEmpty();
    assertThat(run.shapes()).isEmpty();
    assertThat(run.failedStreamTtft().notMeasured()).isNotNull();
  }

  @Test
  void metrics_warmUpRequests_changeNothing() {
    RequestRecord slow = stream(9_000, 10).sent(50).usage(1, 2).warmup().build();
    RequestRecord failed = chat(1).warmup().outcome(Outcome.HTTP_5XX, 500, "x").build();
    RequestRecord fast = stream(100, 10).sent(20_000).build();
    RunMeasurements with = measure(CLOSED, slow, failed, fast);
    RunMeasurements without = measure(CLOSED, fast);
    assertThat(with.counts().warmupCount()).isEqualTo(2);
    assertThat(with.metrics()).isEqualTo(without.metrics());
    assertThat(with.series()).isEqualTo(without.series());
    assertThat(with.errors()).isEmpty();
    assertThat(with.counts().byClass()).isEqualTo(without.counts().byClass());
    assertThat(with.journalRequestCounts()).isEqualTo(without.journalRequestCounts());
  }

  @Test
  void metrics_trapT8OneOfTenFails_totalIsTenAndErrorRateOneTenth() {
    List<RequestRecord> requests = new ArrayList<>(Collections.nCopies(9, stream(100).build()));
    requests.add(chat(1).outcome(Outcome.CONNECT, null, "connection refused").build());
    RunMeasurements run = measure(CLOSED, requests.toArray(RequestRecord[]::new));
    assertThat(run.counts().startedCount()).isEqualTo(10);
    assertThat(metric(run, "all", "error_rate").value()).isEqualTo(0.1);
    assertThat(metric(run, "all", "error_rate").count()).isEqualTo(10);
    // The failure's 1 ms is in no latency.
    assertThat(metric(run, "all", "e2e").min()).isEqualTo(100);
    assertThat(reason(run, "all", "spike_rate")).isEqualTo("fewer than 10 requests succeeded");
  }

  @Test
  void metrics_trapT9AllFail_areAbsentButTheErrorRate() {
    RequestRecord unauthorized =
        chat(1).usage(5, 5).outcome(Outcome.HTTP_4XX, 401, "unauthorized").build();
    RunMeasurements run =
        measure(
            ManifestFixture.closed(
                ManifestFixture.target("all", "ttft", "p99", Operator.LESS, 100)),
            unauthorized,
            unauthorized);
    assertThat(metric(run, "all", "error_rate").value()).isEqualTo(1);
    assertThat(metric(run, "all", "good_fraction").value()).isEqualTo(0);
    metrics(run, "all")
        .forEach(
            (id, summary) -> {
              if (!List.of("error_rate", "good_fraction", "schema_compliance").contains(id)) {
                assertThat(summary)
                    .as(id)
                    .isEqualTo(MetricSummary.absent(summary.unit(), "no request succeeded"));
              }
            });
  }

  @Test
  void metrics_trapT10NotStreamed_hasNoTtftButE2e() {
    RunMeasurements run = measure(CLOSED, chat(800).notStreamed().usage(10, 40).build());
    for (String id : List.of("ttft", "ttfot", "tpot", "itl", "inter_chunk", "stalls")) {
      assertThat(reason(run, "all", id)).as(id).isEqualTo("answers were not streamed");
    }
    assertThat(metric(run, "all", "e2e").mean()).isEqualTo(800);
    // 40 tokens in 0.8 s.
    assertThat(metric(run, "all", "output_tokens_per_second").value()).isEqualTo(50);
    assertThat(run.series().get(0).outputTokenCount()).isEqualTo(40);
    assertThat(run.series().get(0).ttftP50Millis()).isNull();
  }

  @Test
  void metrics_absentOnes_sayWhy() {
    RunMeasurements run = measure(CLOSED, stream(100).build());
    assertThat(reason(run, "all", "send_lag"))
        .isEqualTo("the load names no time at which a request should be sent");
    assertThat(reason(run, "all", "input_tokens")).isEqualTo("the server sent no usage");
    assertThat(reason(run, "all", "total_tokens_per_second")).isEqualTo("the server sent no usage");
    assertThat(reason(run, "all", "schema_compliance")).isEqualTo("no answer carried a schema");
    assertThat(reason(run, "all", "tpot")).isEqualTo("no answer had two tokens");
    assertThat(reason(run, "all", "goodput_requests_per_second"))
        .isEqualTo("no target sets a limit on ttft, ttfot, tpot or e2e");
    RunMeasurements counted = measure(CLOSED, stream(100).usage(3, 1).build());
    assertThat(reason(counted, "all", "cached_tokens"))
        .isEqualTo("the server's usage does not tell cached tokens");
  }

  @Test
  void metrics_healthAndChat_onlyChatIsInAll() {
    RunMeasurements run =
        measure(
            CLOSED,
            stream(100).build(),
            chat(2).name("health").kind(RequestKind.HEALTH).notStreamed().sent(5_000).build());
    assertThat(run.metrics().keySet()).containsExactly("all", "chat", "health");
    assertThat(metric(run, "all", "e2e").count()).isEqualTo(1);
    assertThat(metrics(run, "all")).isEqualTo(metrics(run, "chat"));
    assertThat(metric(run, "health", "e2e").mean()).isEqualTo(2);
    assertThat(metrics(run, "health")).doesNotContainKeys("ttft", "output_tokens", "input_tokens");
    // The rate of `all` is over its own window, 100 ms, and not the run's 5.002 s.
    assertThat(metric(run, "all", "requests_per_second").value()).isEqualTo(10);
    assertThat(run.durationSeconds()).isEqualTo(5.002);
    assertThat(run.countsByRequest()).containsOnlyKeys("chat", "health");
  }

  @Test
  void metrics_embeddings_haveTheirPromptTokens() {
    RunMeasurements run =
        measure(
            CLOSED, chat(100).name("embed").kind(RequestKind.EMBEDDINGS).usage(50, null).build());
    assertThat(metric(run, "embed", "input_tokens").mean()).isEqualTo(50);
    assertThat(metric(run, "embed", "total_tokens_per_second").value()).isEqualTo(500);
    assertThat(reason(run, "all", "e2e")).isEqualTo("no generation request was measured");
  }

  @Test
  void metrics_moreNamesThanScopes_allHoldsThemAll() {
    RequestRecord[] requests = new RequestRecord[RunAnalysis.SCOPES_KEPT + 7];
    Arrays.setAll(requests, i -> stream(100 + i).name("n" + i).build());
    RunMeasurements run = measure(CLOSED, requests);
    assertThat(run.metrics()).hasSize(RunAnalysis.SCOPES_KEPT + 1);
    assertThat(metric(run, "all", "ttft").count()).isEqualTo(requests.length);
    assertThat(metric(run, "all", "ttft").max()).isEqualTo(99 + requests.length);
    assertThat(run.countsByRequest()).hasSize(requests.length);
    assertThat(run.journalRequestCounts()).hasSize(requests.length);
  }

  @Test
  void metrics_targetOnAnotherPercentile_isThere() {
    RunMeasurements run =
        measure(
            ManifestFixture.closed(
                ManifestFixture.target("chat", "ttft", "p75", Operator.LESS, 100)),
            stream(10).build(),
            stream(20).build(),
            stream(30).build(),
            stream(40).build());
    assertThat(metric(run, "chat", "ttft").percentiles()).containsEntry("p75", 30.0);
    assertThat(metric(run, "chat", "e2e").percentiles()).doesNotContainKey("p75");
  }

  @Test
  void goodput_notStreamedUnderATtftLimit_isAbsent() {
    RunMeasurements run =
        measure(
            ManifestFixture.closed(
                ManifestFixture.target("all", "ttft", "p99", Operator.LESS, 100)),
            chat(50).notStreamed().build());
    assertThat(reason(run, "all", "good_fraction"))
        .isEqualTo("no answer showed the latency that a target limits");
  }

  @Test
  void journalRequestCounts_endedAfterGatling_areLeftOut() {
    RunManifest manifest = ManifestFixture.manifest("closed", null, 1_000_000_000L);
    RunMeasurements run =
        measure(
            manifest,
            stream(100).sent(900).build(),
            stream(101).sent(900).build(),
            chat(10).sent(10).outcome(Outcome.HTTP_429, 429, null).build(),
            chat(10).sent(10).outcome(Outcome.INCOMPLETE, null, null).build());
    // The second ends at 1,001 ms.
    assertThat(run.journalRequestCounts()).containsExactly(entry("chat", new GatlingCount(1, 1)));
    assertThat(run.counts().okCount()).isEqualTo(2);
  }

  @Test
  void errors_kinds_mostFrequentFirstAndBounded() {
    RunAnalysis analysis = new RunAnalysis(CLOSED);
    analysis.accept(chat(1).outcome(Outcome.CONNECT, null, "refused").build());
    for (int i = 0; i < 3; i++) {
      analysis.accept(chat(1).outcome(Outcome.HTTP_5XX, 503, "busy").build());
    }
    for (int i = 0; i < 5_000; i++) {
      analysis.accept(chat(1).outcome(Outcome.PROTOCOL, 200, "odd byte at " + i).build());
    }
    List<ErrorExample> errors = analysis.finish(null, 5_004, 0).errors();
    assertThat(errors).hasSize(100);
    // 2,000 kinds are told apart, two of them above; 5,000 − 1,998 share the kind without a
    // message.
    assertThat(errors.get(0))
        .isEqualTo(new ErrorExample("chat", Outcome.PROTOCOL, 200, null, 3_002));
    assertThat(errors.get(1)).isEqualTo(new ErrorExample("chat", Outcome.HTTP_5XX, 503, "busy", 3));
    assertThat(errors.get(2))
        .isEqualTo(new ErrorExample("chat", Outcome.CONNECT, null, "refused", 1));
  }

  @Test
  void flags_joinedByCommas_areCountedEach() {
    RunMeasurements run =
        measure(
            CLOSED,
            stream(1).tag(Tags.FLAGS, "no_done,usage_missing").build(),
            stream(1).tag(Tags.FLAGS, "usage_missing").build(),
            stream(1).warmup().tag(Tags.FLAGS, "usage_missing").build());
    assertThat(run.flags()).containsOnly(entry(Flag.NO_DONE, 1L), entry(Flag.USAGE_MISSING, 2L));
  }

  @Test
  void finish_recordsInAnotherOrder_isTheSame() {
    List<RequestRecord> requests = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      Outcome outcome = i % 7 == 0 ? Outcome.HTTP_5XX : Outcome.OK;
      requests.add(
          stream(10 + random.nextInt(500), random.nextInt(50), random.nextInt(900))
              .name(i % 3 == 0 ? "a" : "b")
              .sent(random.nextInt(60_000))
              .usage(random.nextInt(100), 3)
              .outcome(outcome, 200, null)
              .build());
    }
    RunMeasurements ordered = measure(CLOSED, requests.toArray(RequestRecord[]::new));
    Collections.shuffle(requests, random);
    RunMeasurements shuffled = measure(CLOSED, requests.toArray(RequestRecord[]::new));
    assertThat(shuffled.series()).isEqualTo(ordered.series());
    assertThat(shuffled.counts()).isEqualTo(ordered.counts());
    assertThat(shuffled.metrics().keySet()).containsExactlyElementsOf(ordered.metrics().keySet());
    metrics(ordered, "all")
        .forEach(
            (id, summary) -> {
              MetricSummary other = metric(shuffled, "all", id);
              assertThat(other.percentiles()).as(id).isEqualTo(summary.percentiles());
              assertThat(other.ci95()).as(id).isEqualTo(summary.ci95());
              assertThat(other.value()).as(id).isEqualTo(summary.value());
              assertThat(other.count()).as(id).isEqualTo(summary.count());
            });
  }

  private static RunMeasurements measure(RunManifest manifest, RequestRecord... requests) {
    RunAnalysis analysis = new RunAnalysis(manifest);
    for (RequestRecord request : requests) {
      analysis.accept(request);
    }
    return analysis.finish(null, requests.length, 0);
  }

  private static Map<String, MetricSummary> metrics(RunMeasurements run, String scope) {
    return requireNonNull(run.metrics().get(scope));
  }

  private static MetricSummary metric(RunMeasurements run, String scope, String id) {
    return requireNonNull(metrics(run, scope).get(id));
  }

  private static String reason(RunMeasurements run, String scope, String id) {
    return requireNonNull(metric(run, scope, id).notMeasured());
  }
}
