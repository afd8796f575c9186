package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import llmload.model.MetricSummary;
import llmload.model.SuiteMetric;

/** What the token speed suite concludes, one sentence each. */
final class TokenSpeedRemarks {
  private final TokenSpeedTally all;
  private final List<TokenSpeedTally> tests;
  private final Map<String, Map<String, MetricSummary>> metrics;

  TokenSpeedRemarks(
      TokenSpeedTally all,
      List<TokenSpeedTally> tests,
      Map<String, Map<String, MetricSummary>> metrics) {
    this.all = all;
    this.tests = tests;
    this.metrics = metrics;
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add(outcome());
    average(sentences);
    extremes(
        sentences,
        "test",
        tests.stream().filter(test -> !TokenSpeedTables.isBackend(test)).toList(),
        test -> test.first().test(),
        TokenSpeedTally::totalPerSecond,
        "tokens a second, input and output");
    extremes(
        sentences,
        "server",
        tests.stream().filter(TokenSpeedTables::isBackend).toList(),
        test -> String.valueOf(test.first().endpoint()),
        TokenSpeedTally::outputPerSecond,
        "output tokens a second");
    batches(sentences);
    return sentences;
  }

  private String outcome() {
    long passed = tests.stream().filter(test -> test.okCount() == test.callCount()).count();
    String told =
        "%d of %d tests passed, %d of %d calls."
            .formatted(passed, tests.size(), all.okCount(), all.callCount());
    String problem = all.commonestProblem();
    return problem == null ? told : told + " The commonest failure: " + problem;
  }

  private void average(List<String> sentences) {
    if (all.total().mean().isPresent() && all.totalPerSecond().isPresent()) {
      sentences.add(
          "Over all calls: %s tok/s by sums, %s tok/s as the mean of the calls; output only %s and %s tok/s."
              .formatted(
                  number(all.totalPerSecond()),
                  number(all.total().mean()),
                  number(all.outputPerSecond()),
                  number(all.output().mean())));
    }
  }

  private static void extremes(
      List<String> sentences,
      String what,
      List<TokenSpeedTally> candidates,
      Function<TokenSpeedTally, String> name,
      Function<TokenSpeedTally, OptionalDouble> speed,
      String unit) {
    List<TokenSpeedTally> ranked =
        candidates.stream()
            .filter(test -> speed.apply(test).isPresent())
            .sorted(
                Comparator.comparingDouble(
                    (TokenSpeedTally test) -> -speed.apply(test).getAsDouble()))
            .toList();
    if (ranked.size() > 1) {
      TokenSpeedTally best = ranked.get(0);
      TokenSpeedTally worst = ranked.get(ranked.size() - 1);
      sentences.add(
          "Best %s: %s with %s %s. Worst: %s with %s."
              .formatted(
                  what,
                  name.apply(best),
                  number(speed.apply(best)),
                  unit,
                  name.apply(worst),
                  number(speed.apply(worst))));
    }
  }

  private void batches(List<String> sentences) {
    for (TokenSpeedTally test : tests) {
      String name = test.first().test();
      MetricSummary speedup =
          metrics.getOrDefault(name, Map.of()).get(SuiteMetric.BATCH_SPEEDUP.id());
      Double value = speedup == null ? null : speedup.value();
      if (value != null && value < 1) {
        sentences.add(
            "%s is slower than its requests one by one: batch_speedup is %s, expecting more than 1; the server seems to queue them."
                .formatted(name, number(OptionalDouble.of(value))));
      }
    }
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "-";
  }
}
