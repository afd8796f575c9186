package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.model.ChunkTimeline;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.Stamps;
import llmload.model.SuiteResult;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.Test;

class StructuredPairsAnalysisTest {
  private final StructuredPairsAnalysis analysis = new StructuredPairsAnalysis();
  private int count;

  private void half(
      String pair, boolean structured, long millis, Outcome outcome, String... moreTags) {
    Map<String, String> tags = new HashMap<>();
    tags.put("kind", structured ? "structured" : "chat");
    tags.put("stream", "false");
    tags.put("pair", pair);
    tags.put("case", "simple");
    tags.put("half", structured ? "structured" : "unstructured");
    for (int i = 0; i < moreTags.length; i += 2) {
      tags.put(moreTags[i], moreTags[i + 1]);
    }
    boolean failed = outcome == Outcome.HTTP_5XX;
    analysis.accept(
        new RequestRecord(
            "r" + count++,
            "pairs",
            structured ? "structured_simple" : "unstructured_simple",
            1,
            0,
            Phase.MEASURE,
            0L,
            0,
            Stamps.endedAt(millis * 1_000_000),
            ChunkTimeline.EMPTY,
            failed ? 500 : 200,
            outcome,
            failed ? "HTTP 500: Generation failed" : null,
            null,
            new TokenUsage(10, (int) millis / 10, null, null, TokenCountSource.USAGE),
            null,
            0,
            "1.1",
            null,
            tags));
  }

  private SuiteResult finish() {
    return analysis.finish(new RunAnalysis(ManifestFixture.closed()).finish(null, 0, 0));
  }

  private static ResultTable table(SuiteResult result, String id) {
    return result.tables().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void pairs_areSubtracted_andAPairWithAFailureHasNoLatency() {
    half("a", true, 150, Outcome.OK, "check.schema", "valid");
    half("a", false, 100, Outcome.OK, "check.schema", "missing_key", "check.reply_is_json", "true");
    half("b", false, 100, Outcome.OK, "check.schema", "not_json", "check.reply_is_json", "false");
    half("b", true, 170, Outcome.OK, "check.schema", "valid", "check.validation_micros", "1500.0");
    half("c", true, 1, Outcome.HTTP_5XX);
    half("c", false, 100, Outcome.OK, "check.schema", "valid", "check.reply_is_json", "true");

    List<Object> row = table(finish(), "structured_minus_unstructured").rows().get(0);
    // Differences 50 and 70 ms: mean 60, s = 14.142136, t(1) = 12.706205, so ± 127.062.
    assertThat(row.subList(0, 4)).containsExactly("simple", 3L, 2L, 60.0);
    assertThat((Double) row.get(4)).isCloseTo(60 - 127.062047, within(1e-5));
    assertThat((Double) row.get(5)).isCloseTo(60 + 127.062047, within(1e-5));
    // Tokens are the time in hundredths of a second: 15 − 10 and 17 − 10.
    assertThat(row.get(7)).isEqualTo(6.0);
    // One of three pairs in which only the structured half failed.
    assertThat((Double) row.get(10)).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void quality_isSharesOfCompleteAnswers_andOfOwnedFailures() {
    half("a", true, 150, Outcome.SCHEMA, "check.schema", "truncated_json");
    half("b", true, 150, Outcome.SCHEMA, "check.schema", "array_length");
    half("c", true, 150, Outcome.OK, "check.schema", "valid", "check.validation_micros", "1500.0");
    half("d", true, 1, Outcome.HTTP_5XX);

    SuiteResult result = finish();
    List<Object> row = table(result, "quality").rows().get(0);
    // Of three answers two are JSON and one fits; of three failures one has a status and a message.
    assertThat(row).containsExactly("structured_simple", 2 / 3.0, 1 / 3.0, 1 / 3.0);
    MetricSummary validation =
        result.metrics().getOrDefault("structured_simple", Map.of()).get("validation_time");
    assertThat(validation).isNotNull();
    assertThat(validation.mean()).isEqualTo(1.5);
    assertThat(result.remarks())
        .containsExactly("The case simple has fewer than two pairs with both answers.");
  }
}
