package llmload.report.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmload.report.ReportWriter;
import llmload.report.ReportWriterContract;
import llmload.report.SampleComparisons;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;

class JsonReportWriterTest extends ReportWriterContract {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Schema SCHEMA = schema();

  private static Schema schema() {
    try {
      String text = Files.readString(Path.of("src/test/resources/llmload/report.schema.json"));
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(text, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected ReportWriter writer() {
    return new JsonReportWriter();
  }

  @Override
  protected void assertWellFormed(String text) throws IOException {
    assertThat(SCHEMA.validate(text, InputFormat.JSON)).isEmpty();
  }

  private JsonNode ordinary() throws IOException {
    return MAPPER.readTree(written(SampleRunReports.ordinary()));
  }

  @Test
  void schema_refusesWhatIsNotAReport() throws IOException {
    ObjectNode root = (ObjectNode) ordinary();
    ((ObjectNode) root.get("verdict")).put("grade", "GREAT");
    root.remove("counts");
    root.put("extra", 1);

    assertThat(SCHEMA.validate(root.toString(), InputFormat.JSON)).hasSize(3);
  }

  @Test
  void verdict_isTheRuns() throws IOException {
    assertThat(ordinary().get("verdict").toString())
        .isEqualTo(
            "{\"validity\":\"DEGRADED\",\"validityReasons\":[\"The injector sent its requests late:"
                + " send lag p99 12.5 ms, the limit is 10 ms (50 ms is invalid). Lower the load,"
                + " or use more injectors.\"],\"grade\":\"POOR\",\"targetsMet\":2,"
                + "\"targetsTotal\":4,\"regression\":\"NONE\",\"exitCode\":2,\"failures\":["
                + "\"required target ttft p99 <= 400 ms (chat): measured 421.2 ms\"]}");
  }

  @Test
  void counts_areTheRuns() throws IOException {
    assertThat(ordinary().get("counts").toString())
        .isEqualTo(
            "{\"planned\":1210,\"started\":1200,\"ok\":1180,\"failed\":17,\"incomplete\":3,"
                + "\"dropped\":10,\"warmup\":5,\"byClass\":{\"OK\":1180,\"HTTP_429\":12,"
                + "\"IDLE_TIMEOUT\":5,\"INCOMPLETE\":3}}");
  }

  @Test
  void distribution_hasItsStatisticsAndIntervals() throws IOException {
    JsonNode ttft = ordinary().at("/metrics/all/ttft");

    // The sample's median is 96 ms; each further percentile is 1.45 times the one before.
    assertThat(ttft.get("unit").asText()).isEqualTo("ms");
    assertThat(ttft.get("count").asLong()).isEqualTo(1180);
    assertThat(ttft.get("p50").asDouble()).isEqualTo(96);
    assertThat(ttft.get("p90").asDouble()).isEqualTo(139.2);
    assertThat(ttft.get("p99_9").isNumber()).isTrue();
    assertThat(ttft.at("/ci95/p50/0").asDouble()).isEqualTo(93.12);
    assertThat(ttft.at("/ci95/p50/1").asDouble()).isEqualTo(99.84);
    assertThat(ttft.get("value").isNull()).isTrue();
  }

  @Test
  void distribution_hasItsQuantilesAndBins() throws IOException {
    JsonNode ttft = ordinary().at("/distributions/all/ttft");

    // The smallest of the sample is half its median of 96; p99.9 begins the largest of 1,180.
    assertThat(ttft.get("unit").asText()).isEqualTo("ms");
    assertThat(ttft.get("count").asLong()).isEqualTo(1180);
    assertThat(ttft.at("/quantiles/0").toString()).isEqualTo("[0,48]");
    assertThat(ttft.at("/quantiles/1").toString()).isEqualTo("[50,96]");
    assertThat(ttft.at("/quantiles/5/0").asDouble()).isEqualTo(99.9);
    assertThat(ttft.get("binEdges")).hasSize(9);
    assertThat(ttft.get("binCounts").toString()).isEqualTo("[118,236,354,236,118,0,0,118]");
  }

  @Test
  void emptyRun_hasNoDistribution() throws IOException {
    JsonNode empty = MAPPER.readTree(written(SampleRunReports.empty()));

    assertThat(empty.get("distributions").isEmpty()).isTrue();
  }

  @Test
  void absence_isNull_withItsReason() throws IOException {
    JsonNode cached = ordinary().at("/metrics/all/cached_tokens");

    assertThat(cached.get("p50").isNull()).isTrue();
    assertThat(cached.get("mean").isNull()).isTrue();
    assertThat(cached.at("/ci95/p99").isNull()).isTrue();
    assertThat(cached.get("notMeasured").asText())
        .isEqualTo("the server's usage names no cached tokens");
    JsonNode partial = MAPPER.readTree(written(SampleRunReports.partial()));
    assertThat(partial.at("/counts/planned").isNull()).isTrue();
    assertThat(partial.at("/counts/dropped").isNull()).isTrue();
  }

  @Test
  void target_hasItsLimitAndOutcome() throws IOException {
    JsonNode target = ordinary().at("/targets/0");

    assertThat(target.get("id").asText()).isEqualTo("chat.ttft.p99");
    assertThat(target.get("op").asText()).isEqualTo("<=");
    assertThat(target.get("value").asDouble()).isEqualTo(400);
    assertThat(target.get("measured").asDouble()).isEqualTo(421.2);
    assertThat(target.get("verdict").asText()).isEqualTo("MISSED");
    assertThat(target.get("margin").asDouble()).isEqualTo(-0.053);
  }

  @Test
  void numbers_arePlainDecimals() throws IOException {
    String text = written(SampleRunReports.ordinary());

    assertThat(text).contains("\"heapUsedMaxBytes\" : 410000000").contains("\"lateRatio\" : 0.014");
    assertThat(text).doesNotContainPattern("\\d[eE][+-]?\\d");
  }

  @Test
  void gap_ofTheSeries_isNull() throws IOException {
    // The sample stalls from second 30 to 33: nothing arrived and nothing was sent OK.
    assertThat(ordinary().at("/series/30/ttftP50Millis").isNull()).isTrue();
    assertThat(ordinary().at("/series/34/ttftP50Millis").asDouble()).isEqualTo(260);
  }

  @Test
  void comparison_hasTheBaselineAndEachNumber() throws IOException {
    String text = written(SampleComparisons.regressed());
    assertWellFormed(text);
    JsonNode root = MAPPER.readTree(text);

    assertThat(root.at("/verdict/regression").asText()).isEqualTo("REGRESSION");
    assertThat(root.at("/baseline/name").asText()).isEqualTo("main");
    assertThat(root.at("/baseline/differences/0").toString())
        .isEqualTo(
            "{\"what\":\"users\",\"baseline\":\"32\",\"current\":\"64\",\"effect\":\"WARNING\"}");
    JsonNode ttft = root.at("/comparisons/0");
    assertThat(ttft.get("baseline").asDouble()).isEqualTo(80);
    assertThat(ttft.get("current").asDouble()).isEqualTo(96);
    assertThat(ttft.get("change").asDouble()).isEqualTo(0.2);
    assertThat(ttft.get("verdict").asText()).isEqualTo("REGRESSION");
    assertThat(root.at("/comparisons/3/baseline").isNull()).isTrue();
    assertThat(root.at("/comparisons/3/reason").asText())
        .isEqualTo("the baseline does not have it");
  }

  @Test
  void comparisonBySuite_hasTheSuitesKeys() throws IOException {
    String text = written(SampleComparisons.bySuite());
    assertWellFormed(text);

    assertThat(MAPPER.readTree(text).at("/baseline/suiteResult/improvement_percent").asDouble())
        .isEqualTo(-6);
  }

  @Test
  void slowTime_hasItsStretches() throws IOException {
    JsonNode slow = ordinary().at("/telemetry/slow");

    assertThat(slow.get("slowSeconds").asDouble()).isEqualTo(4);
    assertThat(slow.get("judgedSeconds").asDouble()).isEqualTo(60);
    assertThat(slow.get("stretches")).hasSize(4);
    assertThat(slow.at("/stretches/0").toString())
        .isEqualTo(
            "{\"startSeconds\":12,\"endSeconds\":14,\"intervalCount\":2,\"latencies\":[\"ttft\"],"
                + "\"worstRatio\":4.5,\"cause\":\"server queue\",\"because\":\"waiting 9, usually"
                + " 0.5\"}");
  }
}
