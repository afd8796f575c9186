package llmload.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RunCounts;
import llmload.model.RunMeasurements;
import llmload.model.TokenCountSource;
import llmload.report.Figures;
import llmload.report.ForeignText;

/** How many requests came to what, as text. */
final class CountsView {
  private CountsView() {}

  /** The counts of one request. */
  record Row(
      String request,
      String planned,
      String started,
      String ok,
      String failed,
      String incomplete,
      String dropped,
      String warmup) {}

  /** All requests, then each by name. */
  static List<Row> rows(RunMeasurements run) {
    List<Row> rows = new ArrayList<>();
    rows.add(row("every request", run.counts()));
    run.countsByRequest().entrySet().stream()
        .limit(PageView.MOST_ROWS)
        .forEach(entry -> rows.add(row(ForeignText.name(entry.getKey()), entry.getValue())));
    return rows;
  }

  private static Row row(String name, RunCounts counts) {
    return new Row(
        name,
        unknownOr(Figures.count(counts.plannedCount())),
        Figures.count(counts.startedCount()),
        Figures.count(counts.okCount()),
        Figures.count(counts.failedCount()),
        Figures.count(counts.incompleteCount()),
        unknownOr(Figures.count(counts.droppedCount())),
        Figures.count(counts.warmupCount()));
  }

  private static String unknownOr(String count) {
    return count.equals(Figures.ABSENT) ? "unknown" : count;
  }

  /** Started requests by outcome, most frequent first. */
  static List<PageView.Entry> byClass(RunCounts counts) {
    return counts.byClass().entrySet().stream()
        .sorted(Map.Entry.<Outcome, Long>comparingByValue().reversed())
        .map(entry -> new PageView.Entry(entry.getKey().name(), Figures.count(entry.getValue())))
        .toList();
  }

  /** What was odd about answers that count, and who counted their tokens. */
  static List<PageView.Entry> oddities(RunMeasurements run) {
    List<PageView.Entry> rows = new ArrayList<>();
    run.tokenSources().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> rows.add(new PageView.Entry(told(entry.getKey()), count(entry.getValue()))));
    run.flags().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> rows.add(new PageView.Entry(told(entry.getKey()), count(entry.getValue()))));
    long late = run.failedStreamTtft().count();
    if (late > 0) {
      Double median = run.failedStreamTtft().percentiles().get("p50");
      rows.add(
          new PageView.Entry(
              "streams that failed after their first token, with TTFT p50 "
                  + Figures.of(median)
                  + " ms (in no other metric)",
              count(late)));
    }
    return rows;
  }

  private static String count(long count) {
    return Figures.count(count);
  }

  private static String told(TokenCountSource source) {
    return switch (source) {
      case CONTINUOUS_USAGE -> "tokens counted by the server with each chunk";
      case USAGE -> "tokens counted by the server at the end of the answer";
      case TOKENIZER -> "tokens counted by a tokenizer of the model";
      case CHUNKS -> "tokens estimated, one a chunk";
    };
  }

  private static String told(Flag flag) {
    return switch (flag) {
      case NO_DONE -> "answers that ended without an end mark";
      case EVENTS_AFTER_DONE -> "answers with events after the end mark";
      case USAGE_CONTRADICTION -> "answers whose token count contradicts their text";
      case USAGE_INVALID -> "answers with an impossible token count";
      case USAGE_MISSING -> "answers without a token count of the server";
      case FINISH_REPEATED -> "answers that finished more than once";
      case BAD_UTF8 -> "answers with bytes that are not UTF-8";
      case PROMPT_LENGTH -> "prompts more than 10 % off the length that was asked for";
    };
  }
}
