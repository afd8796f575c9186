package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import llmload.metrics.Distribution;
import llmload.metrics.TokenSpeedCall;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.SuiteMetric;
import org.jspecify.annotations.Nullable;

/** The tables of the token speed suite. Tokens and times of a row are means over its OK calls. */
final class TokenSpeedTables {
  private static final String RATE = "tok/s";
  private static final String MILLIS = "ms";
  private static final double MILLIS_PER_SECOND = 1e3;

  private final RunManifest manifest;
  private final List<TokenSpeedTally> tests;
  private final Map<String, Map<String, MetricSummary>> metrics;
  private final Map<String, Distribution> latencies;

  TokenSpeedTables(
      RunManifest manifest,
      List<TokenSpeedTally> tests,
      Map<String, Map<String, MetricSummary>> metrics,
      Map<String, Distribution> latencies) {
    this.manifest = manifest;
    this.tests = tests;
    this.metrics = metrics;
    this.latencies = latencies;
  }

  /** Whether it is there to compare one server with others. */
  static boolean isBackend(TokenSpeedTally test) {
    return test.first().endpoint() != null && test.first().test().startsWith("backend_");
  }

  /** Every table that has a row. */
  List<ResultTable> all() {
    return List.of(tests(), speeds(), streams(), batches(), backends()).stream()
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  private ResultTable tests() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TokenSpeedTally test : tests) {
      rows.add(
          row(
              test.first().test(),
              test.callCount(),
              test.okCount(),
              test.okCount() == test.callCount(),
              cell(test.inputTokens().mean()),
              cell(test.outputTokens().mean()),
              cell(test.seconds().mean()),
              cell(test.ttftMillis().percentile(50))));
    }
    return new ResultTable(
        "tests",
        "Tests: a call is one request or one batch",
        ResultTable.columns(
            "test",
            "",
            "calls",
            "",
            "ok",
            "",
            "passed",
            "",
            "input_tokens",
            "tok",
            "output_tokens",
            "tok",
            "duration",
            "s",
            "ttft_p50",
            MILLIS),
        rows);
  }

  private ResultTable speeds() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TokenSpeedTally test : tests) {
      rows.add(
          row(
              test.first().test(),
              cell(test.totalPerSecond()),
              cell(test.total().mean()),
              cell(test.outputPerSecond()),
              cell(test.output().mean()),
              inverse(test.totalPerSecond()),
              inverse(test.outputPerSecond())));
    }
    return new ResultTable(
        "speeds",
        "Speeds: sums divided, and beside them the mean of the calls' own",
        ResultTable.columns(
            "test",
            "",
            "tokens_per_second",
            RATE,
            "mean",
            RATE,
            "output_only",
            RATE,
            "output_only_mean",
            RATE,
            "per_token",
            MILLIS,
            "per_output_token",
            MILLIS),
        rows);
  }

  private ResultTable streams() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TokenSpeedTally test : tests) {
      TokenSpeedCall call = test.first();
      if (call.test().equals("streaming_" + call.prompt())) {
        rows.add(
            row(
                call.prompt(),
                cell(whole(call.prompt())),
                cell(test.outputPerSecond()),
                value(call.test(), SuiteMetric.STREAMING_RATIO),
                cell(test.ttftMillis().percentile(50))));
      }
    }
    return new ResultTable(
        "streaming",
        "Streams beside whole answers: output tokens a second",
        ResultTable.columns(
            "prompt", "", "whole", RATE, "streamed", RATE, "ratio", "", "ttft_p50", MILLIS),
        rows);
  }

  private OptionalDouble whole(@Nullable String prompt) {
    return tests.stream()
        .filter(test -> test.first().test().equals("single_" + prompt))
        .findFirst()
        .map(TokenSpeedTally::outputPerSecond)
        .orElse(OptionalDouble.empty());
  }

  private ResultTable batches() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TokenSpeedTally test : tests) {
      if (test.first().batched()) {
        String name = test.first().test();
        Distribution items = latencies.getOrDefault(name, new Distribution(MILLIS));
        rows.add(
            row(
                name,
                test.callCount(),
                cell(test.seconds().mean()),
                cell(items.percentile(50)),
                cell(items.max()),
                cell(test.outputPerSecond()),
                value(name, SuiteMetric.THROUGHPUT_PER_ITEM),
                value(name, SuiteMetric.BATCH_SPEEDUP)));
      }
    }
    return new ResultTable(
        "batches",
        "Batches: all requests at once; speedup over single requests",
        ResultTable.columns(
            "test",
            "",
            "batches",
            "",
            "wall",
            "s",
            "item_p50",
            MILLIS,
            "item_max",
            MILLIS,
            "output_only",
            RATE,
            "throughput_per_item",
            RATE,
            "speedup",
            ""),
        rows);
  }

  private ResultTable backends() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TokenSpeedTally test : tests) {
      if (isBackend(test)) {
        String model = test.first().model();
        rows.add(
            row(
                test.first().endpoint(),
                model == null ? manifest.target().model() : model,
                test.callCount(),
                test.okCount(),
                cell(test.totalPerSecond()),
                cell(test.outputPerSecond()),
                cell(test.ttftMillis().percentile(50)),
                inverse(test.outputPerSecond())));
      }
    }
    return new ResultTable(
        "backends",
        "Servers side by side",
        ResultTable.columns(
            "backend",
            "",
            "model",
            "",
            "calls",
            "",
            "ok",
            "",
            "tokens_per_second",
            RATE,
            "output_only",
            RATE,
            "ttft_p50",
            MILLIS,
            "per_output_token",
            MILLIS),
        rows);
  }

  private @Nullable Double value(String test, Metric metric) {
    MetricSummary summary = metrics.getOrDefault(test, Map.of()).get(metric.id());
    return summary == null ? null : summary.value();
  }

  private static List<@Nullable Object> row(@Nullable Object... cells) {
    return new ArrayList<>(Arrays.asList(cells));
  }

  private static @Nullable Double cell(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static @Nullable Double inverse(OptionalDouble perSecond) {
    return perSecond.isPresent() && perSecond.getAsDouble() > 0
        ? MILLIS_PER_SECOND / perSecond.getAsDouble()
        : null;
  }
}
