package llmload.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import llmload.metrics.Distribution;
import llmload.metrics.Percentiles;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
  @Test
  void all_disputableTopics_areStatedAsSentences() {
    Map<String, String> all = Definitions.all();
    assertThat(all)
        .containsKeys(
            "percentile", "ci", "window", "ttft", "e2e", "tokens", "stalls", "send_lag", "goodput");
    // A missing blank between the parts of a text shows as a stop with a letter after it.
    assertThat(all.values())
        .allSatisfy(
            text -> assertThat(text).endsWith(".").doesNotContainPattern("[.;:][A-Za-z]| {2}"));
  }

  @Test
  void all_numbersInTheText_areTheCodes() {
    assertThat(Definitions.all().get("percentile"))
        .contains(String.format(Locale.ROOT, "%,d", Distribution.EXACT_LIMIT));
    assertThat(Percentiles.confidenceRanks(99, 299)).isNotNull();
    assertThat(Definitions.all().get("ci")).contains("299 for p99");
    assertThat(Definitions.all().get("series"))
        .contains(Integer.toString(SeriesCollector.MAX_POINTS));
  }
}
