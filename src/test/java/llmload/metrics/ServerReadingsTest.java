package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class ServerReadingsTest {
  private final ServerReadings readings = new ServerReadings();

  private void sample(String source, int seconds, Map<String, Double> values, String label) {
    sample(source, seconds, values, Map.of(source.equals("gpu") ? "uuid" : "url", label));
  }

  private void sample(
      String source, int seconds, Map<String, Double> values, Map<String, String> labels) {
    readings.add(new TelemetrySample(source, seconds * 1_000_000_000L, values, labels));
  }

  private ServerFigures between3And5Seconds() {
    ContractTally workload = new ContractTally(false);
    workload.add(RequestFixture.stream(1_000, 1_000).sent(3_000).usage(4, 2).build());
    return readings.during(workload);
  }

  @Test
  void counters_growFromTheSampleBeforeToTheSampleAfter() {
    double[] hits = {0, 10, 10, 30, 60, 70, 90};
    for (int second = 0; second < hits.length; second++) {
      sample(
          "server",
          second,
          Map.of(
              "prefix_hit_tokens", hits[second],
              "prefix_queried_tokens", second * 100.0,
              "evicted_blocks_count", second * 2.0,
              "spec_accepted_tokens", second * 3.0,
              "spec_draft_tokens", second * 4.0),
          "a");
    }
    ServerFigures figures = between3And5Seconds();

    // The samples at 3 s and at 5 s bound the workload: 70 - 30 of 200; 2 x 2 blocks; 6 of 8.
    assertThat(figures.prefixHitRatio()).isEqualTo(0.2);
    assertThat(figures.evictedCount()).isEqualTo(4);
    assertThat(figures.acceptedRatio()).isEqualTo(0.75);
    assertThat(figures.evictionMillis()).isNull();
  }

  @Test
  void memory_isThePeakOfAllGpusAtOneMoment() {
    double mebi = 1_048_576;
    double[] other = {10, 30, 10, 10, 10};
    for (int second = 2; second <= 6; second++) {
      sample("gpu", second, Map.of("memory_used_bytes", second * mebi), "0");
      sample("gpu", second, Map.of("memory_used_bytes", other[second - 2] * mebi), "1");
      sample("process", second, Map.of("rss_bytes", 99 * mebi), "x");
    }
    // At 3, 4 and 5 s: 3 + 30, 4 + 10, 5 + 10; the sum of both peaks would be 35.
    assertThat(between3And5Seconds().peakMemoryBytes()).isEqualTo(33 * mebi);
    assertThat(between3And5Seconds().meanMemoryBytes()).isEqualTo(62 * mebi / 3);
  }

  @Test
  void prefixHits_areThoseOfTokensFound_whereTheyAreTold() {
    for (int second = 2; second <= 6; second++) {
      sample(
          "server",
          second,
          Map.of(
              "prompt_tokens", second * 100.0,
              "prompt_cached_tokens", second * 50.0,
              "prefix_hit_tokens", second * 60.0,
              "prefix_queried_tokens", second * 110.0),
          "a");
    }

    assertThat(between3And5Seconds().prefixHitRatio()).isEqualTo(0.5);
  }

  @Test
  void counterThatFell_tellsNothing() {
    sample("server", 2, Map.of("evicted_blocks_count", 9.0), "a");
    sample("server", 4, Map.of("evicted_blocks_count", 1.0), "a");
    sample("server", 6, Map.of("evicted_blocks_count", 2.0), "a");

    assertThat(between3And5Seconds().evictedCount()).isNull();
  }

  @Test
  void modelThatComesWithTheFirstRequest_isTheSameServer() {
    sample("server", 2, Map.of("evicted_blocks_count", 1.0), Map.of("url", "a"));
    sample("server", 6, Map.of("evicted_blocks_count", 8.0), Map.of("url", "a", "model", "m"));

    assertThat(between3And5Seconds().evictedCount()).isEqualTo(7);
  }

  @Test
  void whatTwoCollectorsRead_countsOnce() {
    Map<String, Double> used = Map.of("memory_used_bytes", 10.0);
    sample("gpu", 4, used, Map.of("uuid", "GPU-1", "via", "dcgm", "gpu", "0"));
    sample("gpu", 4, used, Map.of("uuid", "GPU-1", "via", "triton"));
    sample("gpu", 4, used, Map.of("uuid", "GPU-1", "via", "dcgm", "by", "prometheus"));
    sample("gpu", 4, used, Map.of("uuid", "GPU-2", "via", "dcgm", "gpu", "1"));

    assertThat(between3And5Seconds().peakMemoryBytes()).isEqualTo(20);
  }

  @Test
  void prometheusAlone_isTaken() {
    sample("server", 2, Map.of("evicted_blocks_count", 1.0), Map.of("by", "prometheus"));
    sample("server", 6, Map.of("evicted_blocks_count", 4.0), Map.of("by", "prometheus"));

    assertThat(between3And5Seconds().evictedCount()).isEqualTo(3);
  }

  @Test
  void cacheBytes_areEachServersShareOfItsOwn() {
    sample("server", 4, Map.of("kv_used_ratio", 0.5, "kv_capacity_bytes", 100.0), "a");
    sample("server", 4, Map.of("kv_used_ratio", 0.25, "kv_capacity_bytes", 400.0), "b");

    // 0.5 x 100 + 0.25 x 400.
    assertThat(between3And5Seconds().kvUsedBytes()).isEqualTo(150);
  }

  @Test
  void noSample_isNothing() {
    sample("host", 4, Map.of("memory_used_bytes", 1.0), "a");

    assertThat(between3And5Seconds()).isEqualTo(ServerFigures.NONE);
  }
}
