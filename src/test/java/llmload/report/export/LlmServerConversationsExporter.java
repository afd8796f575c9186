package llmload.report.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.Tags;

/**
 * {@code conversation_results_<time>.txt} of llm-server's conversation test: each conversation with
 * its lines, times and answers, then the server's own figures and a summary.
 *
 * <p>A response time is that of the request alone; the script's pause of two seconds is in none. Of
 * an answer the journal keeps the first 500 characters.
 */
final class LlmServerConversationsExporter implements Exporter {
  private static final String REQUEST = "conversation_";

  @Override
  public String id() {
    return "llm-server-conversations";
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    Map<String, List<RequestRecord>> conversations = new LinkedHashMap<>();
    List<RequestRecord> all = new ArrayList<>();
    records.forEachRequest(
        request -> {
          String session = request.session();
          boolean turn = request.request().startsWith(REQUEST) && session != null;
          if (turn && request.phase() == Phase.MEASURE) {
            conversations.computeIfAbsent(session, id -> new ArrayList<>()).add(request);
            all.add(request);
          }
        });
    List<String> lines = new ArrayList<>();
    lines.add("Conversation Test Results");
    lines.add("Started: " + report.manifest().startedAt());
    conversations.forEach((id, turns) -> lines.addAll(conversation(report.manifest(), id, turns)));
    lines.add("");
    lines.add("Final Metrics");
    lines.add(LlmServerText.countersJson(report));
    lines.add("");
    lines.add("Metrics Summary");
    lines.add("Summary of Results");
    lines.addAll(LlmServerText.summary(all));
    LlmServerResources resources = new LlmServerResources();
    records.forEachSample(resources::accept);
    lines.addAll(resources.lines());
    Files.write(
        folder.resolve("conversation_results_" + LlmServerText.stamp(report) + ".txt"), lines);
  }

  private static List<String> conversation(
      RunManifest manifest, String id, List<RequestRecord> unordered) {
    List<RequestRecord> turns =
        unordered.stream().sorted(Comparator.comparingInt(RequestRecord::turn)).toList();
    RequestRecord first = turns.get(0);
    RequestRecord last = turns.get(turns.size() - 1);
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Scenario: " + id);
    lines.add("Conversation: " + id);
    lines.add("Type: " + first.request().substring(REQUEST.length()));
    lines.add("Provider: " + LlmServerText.provider(manifest));
    lines.add("Model: " + LlmServerText.model(manifest));
    for (RequestRecord turn : turns) {
      lines.add("");
      lines.add("Message: " + turn.tags().getOrDefault("line", LlmServerText.ABSENT));
      lines.add(
          "Response time: " + LlmServerText.seconds(LlmServerText.latencySeconds(turn)) + "s");
      lines.add("Prompt tokens: " + LlmServerText.number(turn.usage().inputTokens()));
      if (turn.outcome().isOk()) {
        lines.add(
            "Response: "
                + oneLine(
                    turn.tags().getOrDefault(Tags.CHECK_PREFIX + "reply", LlmServerText.ABSENT)));
      } else {
        lines.add("Error: " + turn.outcome() + " " + oneLine(String.valueOf(turn.message())));
      }
    }
    double span = (last.endedNanos() - first.sentNanos()) / 1e9;
    lines.add("");
    lines.add("Total conversation duration: " + LlmServerText.seconds(span) + "s");
    return lines;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
