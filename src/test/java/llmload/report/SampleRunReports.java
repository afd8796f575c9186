package llmload.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.CoreMetric;
import llmload.model.ErrorExample;
import llmload.model.Flag;
import llmload.model.GatlingCount;
import llmload.model.Grade;
import llmload.model.InjectorHealth;
import llmload.model.JournalFooter;
import llmload.model.LoadPlan;
import llmload.model.MetricSummary;
import llmload.model.Operator;
import llmload.model.Outcome;
import llmload.model.Regression;
import llmload.model.RunCounts;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.RunReport;
import llmload.model.Statistic;
import llmload.model.Target;
import llmload.model.TargetServer;
import llmload.model.TargetVerdict;
import llmload.model.TargetVerdict.Result;
import llmload.model.TokenCountSource;
import llmload.model.Validity;
import llmload.model.Verdict;

/** Run reports to try a writer on: an ordinary run, and those that break writers. */
public final class SampleRunReports {
  private SampleRunReports() {}

  /** A run of 1,200 requests with two missed targets, one required, and a stall in the middle. */
  public static RunReport ordinary() {
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    metrics.put("all", SampleMeasurements.metrics(1180, 1.0));
    metrics.put("chat", SampleMeasurements.metrics(880, 0.9));
    metrics.put("structured", SampleMeasurements.metrics(300, 1.3));
    Map<Outcome, Long> byClass = new EnumMap<>(Outcome.class);
    byClass.put(Outcome.OK, 1180L);
    byClass.put(Outcome.HTTP_429, 12L);
    byClass.put(Outcome.IDLE_TIMEOUT, 5L);
    byClass.put(Outcome.INCOMPLETE, 3L);
    RunCounts counts = new RunCounts(1210L, 1200, 1180, 17, 3, 10L, 5, byClass);
    Map<String, RunCounts> byRequest = new LinkedHashMap<>();
    byRequest.put("chat", new RunCounts(900L, 890, 880, 9, 1, 10L, 5, Map.of(Outcome.OK, 880L)));
    byRequest.put(
        "structured", new RunCounts(310L, 310, 300, 8, 2, 0L, 0, Map.of(Outcome.OK, 300L)));
    RunMeasurements run =
        new RunMeasurements(
            60.0,
            counts,
            byRequest,
            metrics,
            SampleMeasurements.shapes(metrics),
            new MetricSummary(
                "ms", 5, null, 80.0, 95.5, 12.0, Map.of("p50", 92.0), 120.0, Map.of(), null),
            SampleMeasurements.injector(),
            SampleMeasurements.series(60, 1.0),
            List.of(
                new ErrorExample(
                    "chat", Outcome.HTTP_429, 429, "Rate limit reached for tokens per minute", 12),
                new ErrorExample("structured", Outcome.IDLE_TIMEOUT, 200, "no token for 10 s", 5)),
            Map.of(Flag.USAGE_MISSING, 3L, Flag.NO_DONE, 1L),
            Map.of(TokenCountSource.USAGE, 1177L, TokenCountSource.TOKENIZER, 3L),
            Map.of("chat", new GatlingCount(880, 9), "structured", new GatlingCount(300, 8)),
            new JournalFooter(1210, 1200, 1180, 17, 3, 10, 0, null));
    return report(
        SampleTelemetry.beside(run),
        targets(),
        new Verdict(
            Validity.DEGRADED,
            List.of(
                "The injector sent its requests late: send lag p99 12.5 ms, the limit is 10 ms"
                    + " (50 ms is invalid). Lower the load, or use more injectors."),
            Grade.POOR,
            2,
            4,
            Regression.NONE,
            2,
            List.of("required target ttft p99 <= 400 ms (chat): measured 421.2 ms")),
        "load-20260102030405000");
  }

  /** The same run, in which every target was met. */
  public static RunReport passing() {
    RunReport run = ordinary();
    List<TargetVerdict> met =
        run.targets().stream().filter(target -> target.result() == Result.MET).toList();
    return report(
        run.measurements(),
        met,
        new Verdict(Validity.VALID, List.of(), Grade.EXCELLENT, 2, 2, Regression.OK, 0, List.of()),
        "load-20260102030406000");
  }

  /** A run in which nothing happened at all. */
  public static RunReport empty() {
    String reason = "no request was OK";
    Map<String, MetricSummary> none = new LinkedHashMap<>();
    for (CoreMetric metric : CoreMetric.values()) {
      none.put(metric.id(), MetricSummary.absent(metric.unit(), reason));
    }
    RunMeasurements run =
        new RunMeasurements(
            0,
            new RunCounts(0L, 0, 0, 0, 0, 0L, 0, Map.of()),
            Map.of(),
            Map.of("all", none),
            Map.of(),
            MetricSummary.absent("ms", reason),
            new InjectorHealth(
                null, null, null, null, null, null, null, null, null, null, null, 0, 0, 0),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            new JournalFooter(0, 0, 0, 0, 0, 0, 0, null));
    Target target = target("all.ttft.p50", "all", "ttft", "p50", Operator.LESS, 5);
    return report(
        run,
        List.of(new TargetVerdict(target, null, Result.NO_DATA, null, 0, reason)),
        new Verdict(
            Validity.NO_DATA,
            List.of("Nothing was measured: of 0 started requests none ended."),
            Grade.NOT_GRADED,
            0,
            0,
            Regression.NONE,
            4,
            List.of("run NO_DATA: Nothing was measured.")),
        "load-empty");
  }

  /** The ordinary run, killed: no footer, so that planned and dropped are unknown. */
  public static RunReport partial() {
    RunReport whole = ordinary();
    RunMeasurements run = whole.measurements();
    RunCounts counts = run.counts();
    RunMeasurements cut =
        new RunMeasurements(
            run.durationSeconds(),
            new RunCounts(
                null,
                counts.startedCount(),
                counts.okCount(),
                counts.failedCount(),
                counts.incompleteCount(),
                null,
                counts.warmupCount(),
                counts.byClass()),
            run.countsByRequest(),
            run.metrics(),
            run.shapes(),
            run.failedStreamTtft(),
            run.injector(),
            run.series(),
            run.errors(),
            run.flags(),
            run.tokenSources(),
            run.journalRequestCounts(),
            null);
    return report(
        cut,
        whole.targets(),
        new Verdict(
            Validity.PARTIAL,
            List.of("The journal has no footer: the run ended before it could close its record."),
            Grade.POOR,
            2,
            4,
            Regression.NONE,
            4,
            List.of("run PARTIAL: The journal has no footer.")),
        "load-partial");
  }

  /** A run in which {@code text} stands wherever a server or a user can put text. */
  public static RunReport hostile(String text) {
    RunReport plain = ordinary();
    RunMeasurements run = plain.measurements();
    Map<String, MetricSummary> all = run.metrics().getOrDefault("all", Map.of());
    Map<String, MetricSummary> strange = new LinkedHashMap<>(all);
    strange.put(text, MetricSummary.absent(text, text));
    Target target =
        new Target(
            text, text, text, new Statistic("p50"), Operator.LESS, 5, null, text, true, true, text);
    RunMeasurements spoiled =
        new RunMeasurements(
            run.durationSeconds(),
            run.counts(),
            Map.of(text, run.counts()),
            Map.of("all", all, text, strange),
            SampleMeasurements.shapes(Map.of("all", all, text, strange)),
            run.failedStreamTtft(),
            run.injector(),
            run.series(),
            List.of(new ErrorExample(text, Outcome.HTTP_5XX, 500, text, 17)),
            run.flags(),
            run.tokenSources(),
            Map.of(text, new GatlingCount(1, 1)),
            new JournalFooter(1210, 1200, 1180, 17, 3, 10, 0, text));
    RunManifest manifest = plain.manifest();
    return new RunReport(
        new RunManifest(
            text,
            text,
            manifest.startedAt(),
            null,
            null,
            new TargetServer(text, text, text, text, text),
            new LoadPlan(text, text, null, 5.0, text, null, 60.0, true, null),
            List.of(target),
            List.of(text),
            Map.of(text, 1.0),
            Map.of(text, text),
            Map.of(text, text),
            null,
            List.of(text)),
        SampleTelemetry.hostile(spoiled, text),
        List.of(
            new TargetVerdict(target, 4.0, Result.MET, 0.2, 50, null),
            new TargetVerdict(target, 9.0, Result.MISSED, -0.8, 50, null),
            new TargetVerdict(target, null, Result.NO_DATA, null, 0, text)),
        new Verdict(
            Validity.INVALID, List.of(text), Grade.POOR, 1, 3, Regression.NONE, 4, List.of(text)),
        SampleSuite.hostile(text),
        Map.of(text, text),
        SampleComparisons.hostile(text));
  }

  /** A run with hundreds of requests, targets, failures and settings. */
  public static RunReport huge() {
    RunReport plain = ordinary();
    RunMeasurements run = plain.measurements();
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>();
    Map<String, RunCounts> counts = new LinkedHashMap<>();
    List<TargetVerdict> targets = new ArrayList<>();
    List<ErrorExample> errors = new ArrayList<>();
    String longText = "an error message that goes on and on ".repeat(100);
    metrics.put("all", SampleMeasurements.metrics(1_000_000, 1.0));
    for (int i = 0; i < 300; i++) {
      String name = "request-" + i;
      metrics.put(name, SampleMeasurements.metrics(3000, 1 + i / 100.0));
      counts.put(name, run.counts());
      errors.add(new ErrorExample(name, Outcome.STREAM_ERROR, 200, longText + i, 300 - i));
      Target target = target(name + ".ttft.p99", name, "ttft", "p99", Operator.AT_MOST, 300);
      targets.add(new TargetVerdict(target, 400.0 + i, Result.MISSED, -0.5, 3000, null));
    }
    return report(
        new RunMeasurements(
            86_400,
            run.counts(),
            counts,
            metrics,
            SampleMeasurements.shapes(metrics),
            run.failedStreamTtft(),
            run.injector(),
            SampleMeasurements.series(600, 144),
            errors,
            run.flags(),
            run.tokenSources(),
            run.journalRequestCounts(),
            run.footer()),
        targets,
        new Verdict(
            Validity.VALID,
            List.of(),
            Grade.POOR,
            0,
            300,
            Regression.NONE,
            2,
            Collections.nCopies(300, longText)),
        "load-huge");
  }

  private static RunReport report(
      RunMeasurements run, List<TargetVerdict> targets, Verdict verdict, String runId) {
    Map<String, String> definitions = new LinkedHashMap<>();
    definitions.put("percentile", "nearest rank on recorded values");
    definitions.put("ttft", "min(first reasoning, first content, first tool call) − sent");
    definitions.put("itl", "gap before a chunk ÷ its tokens; one sample a token");
    return new RunReport(manifest(runId, targets), run, targets, verdict, null, definitions, null);
  }

  private static RunManifest manifest(String runId, List<TargetVerdict> targets) {
    Map<String, Double> limits = new LinkedHashMap<>();
    limits.put("validity.sendLagP99", 10.0);
    limits.put("validity.eventLoopLag", 100.0);
    limits.put("validity.gcPause", 200.0);
    limits.put("validity.achievedRate", 0.98);
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("llmload", "0.1.0");
    environment.put("gatling", "3.15.1");
    environment.put("java", "17.0.15");
    environment.put("os", "Linux 6.8 amd64");
    environment.put("processors", "16");
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("baseUrl", "http://gpu-7.example:8000");
    settings.put("users", "64");
    settings.put("requests", "1210");
    settings.put("maxTokens", "128");
    return new RunManifest(
        runId,
        "llmload.simulations.LoadSimulation",
        Instant.parse("2026-01-02T03:04:05Z"),
        Instant.parse("2026-01-02T03:05:05Z"),
        60_000_000_000L,
        new TargetServer(
            "http://gpu-7.example:8000", "openai-chat", "llama-3.1-8b", null, "vllm 0.11.0"),
        new LoadPlan("chat", "open", null, 20.0, "poisson", 1210L, 60.0, true, 42L),
        targets.stream().map(TargetVerdict::target).toList(),
        List.of("invalid", "required"),
        limits,
        settings,
        environment,
        Map.of("chat", new GatlingCount(880, 9), "structured", new GatlingCount(300, 8)),
        List.of("The model llama-3.1-8b is not in the server's list; the name was sent as given."));
  }

  private static List<TargetVerdict> targets() {
    Target required = target("chat.ttft.p99", "chat", "ttft", "p99", Operator.AT_MOST, 400);
    return List.of(
        new TargetVerdict(
            new Target(
                required.id(),
                "chat",
                "ttft",
                required.statistic(),
                required.op(),
                400,
                null,
                "ms",
                true,
                true,
                "our service level agreement"),
            421.2,
            Result.MISSED,
            -0.053,
            880,
            null),
        new TargetVerdict(
            target("all.itl.p50", "all", "itl", "p50", Operator.LESS, 20),
            11.52,
            Result.MET,
            0.424,
            148_000,
            null),
        new TargetVerdict(
            target("all.e2e.p95", "all", "e2e", "p95", Operator.LESS, 2000),
            2000.3,
            Result.MISSED,
            -0.00015,
            1180,
            null),
        new TargetVerdict(
            target("all.tpot.mean", "all", "tpot", "mean", Operator.AT_MOST, 15),
            12.01,
            Result.MET,
            0.1993,
            1180,
            null),
        new TargetVerdict(
            target("structured.ttft.p99.9", "structured", "ttft", "p99.9", Operator.LESS, 900),
            884.0,
            Result.INCONCLUSIVE,
            null,
            300,
            "p99.9 needs 1000 samples, the run has 300"));
  }

  private static Target target(
      String id, String scope, String metric, String statistic, Operator op, double value) {
    return new Target(
        id, scope, metric, new Statistic(statistic), op, value, null, "ms", false, true, null);
  }
}
