package llmload.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.model.CoreMetric;
import llmload.model.Metric;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import org.junit.jupiter.api.Test;

class MetricsDocTest {
  private static final Pattern RESULT = Pattern.compile("\\*\\*([0-9.]+)\\*\\*");

  @Test
  void metricsPage_rows_areTheEnum() throws IOException {
    List<List<String>> expected =
        Metric.all().stream()
            .map(
                m ->
                    List.of(
                        "`" + m.id() + "`",
                        m.unit(),
                        m.shape().name().toLowerCase(Locale.ROOT),
                        m.better().name().toLowerCase(Locale.ROOT),
                        m.formula(),
                        m.equalTo()))
            .toList();
    assertThat(rows().stream().map(row -> row.subList(0, 6)).toList()).isEqualTo(expected);
  }

  @Test
  void metricsPage_workedNumbers_areWhatTheCodeMeasures() throws IOException {
    RunAnalysis analysis = new RunAnalysis(ExampleRun.manifest());
    List<RequestRecord> requests = new ArrayList<>(ExampleRun.requests());
    requests.addAll(ExampleRun.searches());
    requests.forEach(analysis::accept);
    Map<String, Map<String, MetricSummary>> scopes =
        analysis.finish(null, requests.size(), 0).metrics();
    Map<String, MetricSummary> all = scopes.getOrDefault("all", Map.of());
    Map<String, MetricSummary> searches = scopes.getOrDefault("retrieval", Map.of());
    for (List<String> row : rows()) {
      String id = row.get(0).replace("`", "");
      String worked = row.get(6);
      MetricSummary measured = all.getOrDefault(id, searches.get(id));
      if (Metric.of(id).filter(CoreMetric.class::isInstance).isEmpty()) {
        assertThat(measured).as(id).isNull();
        assertThat(worked).as(id).startsWith("of ");
        continue;
      }
      assertThat(measured).as(id).isNotNull();
      Double number = measured.value() == null ? measured.mean() : measured.value();
      Matcher result = RESULT.matcher(worked);
      if (result.find()) {
        double expected = Double.parseDouble(result.group(1));
        assertThat(number).as(id).isNotNull().isCloseTo(expected, within(expected * 1e-6));
      } else {
        assertThat(worked).as(id).startsWith("absent: ");
        assertThat(measured.notMeasured()).as(id).isNotNull();
      }
    }
  }

  private static List<List<String>> rows() throws IOException {
    return Files.readAllLines(Path.of("docs/metrics.md")).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(2, line.length() - 2))
        .map(line -> List.of(line.split(" \\| ", -1)))
        .toList();
  }
}
