package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import llmload.metrics.Distribution;
import llmload.model.MetricSummary;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunMeasurements;
import llmload.model.SuiteResult;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/** llm-server's guide: its parts, its conversations turn by turn, quality, server counters. */
final class GuideAnalysis implements SuiteAnalysis {
  private static final String CONVERSATION = "conversation_";
  private static final double NANOS_PER_MILLI = 1e6;

  private final PartTable parts = new PartTable();
  private final AnswerQuality quality = new AnswerQuality();
  private final CounterDeltas counters = new CounterDeltas();
  private final Map<String, TreeMap<Integer, Turn>> conversations = new TreeMap<>();

  /** One turn, of a conversation of that kind. */
  private record Turn(
      String kind,
      boolean ok,
      long sentNanos,
      long endedNanos,
      @Nullable Integer inputTokens,
      @Nullable Integer outputTokens) {
    double millis() {
      return (endedNanos - sentNanos) / NANOS_PER_MILLI;
    }
  }

  @Override
  public void accept(RequestRecord request) {
    if (request.phase() != Phase.MEASURE) {
      return;
    }
    parts.accept(request);
    quality.accept(request);
    String session = request.session();
    if (session != null && request.request().startsWith(CONVERSATION)) {
      conversations
          .computeIfAbsent(session, id -> new TreeMap<>())
          .put(
              request.turn(),
              new Turn(
                  request.request(),
                  request.outcome().isOk(),
                  request.sentNanos(),
                  request.endedNanos(),
                  request.usage().inputTokens(),
                  request.usage().outputTokens()));
    }
  }

  @Override
  public void accept(TelemetrySample sample) {
    counters.accept(sample);
  }

  @Override
  public SuiteResult finish(RunMeasurements run) {
    List<ResultTable> tables = new ArrayList<>();
    tables.add(parts.table(run));
    if (!conversations.isEmpty()) {
      tables.add(conversationTable());
      tables.add(turnTable());
    }
    tables.add(quality.table());
    if (!counters.isEmpty()) {
      tables.add(counters.table());
    }
    Map<String, Map<String, MetricSummary>> metrics = new LinkedHashMap<>(quality.metrics());
    parts
        .metrics(run)
        .forEach(
            (name, own) -> {
              Map<String, MetricSummary> both =
                  new LinkedHashMap<>(metrics.getOrDefault(name, Map.of()));
              both.putAll(own);
              metrics.put(name, both);
            });
    return new SuiteResult("guide", metrics, tables, remarks());
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    conversations.forEach(
        (id, turns) -> {
          if (Boolean.FALSE.equals(grows(turns))) {
            remarks.add(
                "The prompts of the conversation "
                    + id
                    + " did not grow with each turn: the server does not see the whole history.");
          }
        });
    return remarks;
  }

  /** Whether each answered turn's prompt is longer than the one before; {@code null}: not told. */
  private static @Nullable Boolean grows(Map<Integer, Turn> turns) {
    Integer before = null;
    boolean grown = true;
    int seen = 0;
    for (Turn turn : turns.values()) {
      Integer now = turn.inputTokens();
      if (turn.ok() && now != null) {
        grown &= before == null || now > before;
        before = now;
        seen++;
      }
    }
    return seen < 2 ? null : Boolean.valueOf(grown);
  }

  private ResultTable conversationTable() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    conversations.forEach(
        (id, turns) -> {
          Turn first = turns.firstEntry().getValue();
          Turn last = turns.lastEntry().getValue();
          List<@Nullable Object> row = new ArrayList<>();
          row.add(id);
          row.add(turns.size());
          row.add(turns.values().stream().filter(Turn::ok).count());
          row.add((last.endedNanos() - first.sentNanos()) / 1e9);
          row.add(turns.values().stream().mapToDouble(Turn::millis).sum() / 1e3);
          row.add(first.inputTokens());
          row.add(last.inputTokens());
          row.add(grows(turns));
          rows.add(row);
        });
    return new ResultTable(
        "conversations",
        "Conversations with their real history",
        ResultTable.columns(
            "conversation", "",
            "turns", "",
            "succeeded", "",
            "duration", "s",
            "answering", "s",
            "first_prompt", "tok",
            "last_prompt", "tok",
            "prompt_grows", ""),
        rows);
  }

  private ResultTable turnTable() {
    Map<String, TreeMap<Integer, List<Turn>>> byKind = new TreeMap<>();
    conversations
        .values()
        .forEach(
            turns ->
                turns.forEach(
                    (number, turn) -> {
                      if (turn.ok()) {
                        byKind
                            .computeIfAbsent(turn.kind(), kind -> new TreeMap<>())
                            .computeIfAbsent(number, key -> new ArrayList<>())
                            .add(turn);
                      }
                    }));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    byKind.forEach(
        (kind, turns) -> turns.forEach((number, all) -> rows.add(turnRow(kind, number, all))));
    return new ResultTable(
        "turns",
        "Turn by turn: the answers' times, their spread over the conversations, their tokens",
        ResultTable.columns(
            "request", "",
            "turn", "",
            "answers", "",
            "latency_mean", "ms",
            "latency_std", "ms",
            "prompt_mean", "tok",
            "answer_mean", "tok"),
        rows);
  }

  private static List<@Nullable Object> turnRow(String kind, int number, List<Turn> turns) {
    Distribution millis = new Distribution("ms");
    turns.forEach(turn -> millis.add(turn.millis()));
    List<@Nullable Object> row = new ArrayList<>();
    row.add(kind);
    row.add(number + 1);
    row.add(turns.size());
    row.add(orNull(millis.mean()));
    row.add(orNull(millis.std()));
    row.add(mean(turns.stream().map(Turn::inputTokens).toList()));
    row.add(mean(turns.stream().map(Turn::outputTokens).toList()));
    return row;
  }

  private static @Nullable Double orNull(OptionalDouble number) {
    return number.isPresent() ? number.getAsDouble() : null;
  }

  private static @Nullable Double mean(List<@Nullable Integer> counts) {
    Distribution known = new Distribution("tok");
    for (Integer count : counts) {
      if (count != null) {
        known.add(count);
      }
    }
    return orNull(known.mean());
  }
}
