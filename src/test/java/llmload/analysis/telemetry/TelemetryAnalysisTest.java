package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.analysis.ManifestFixture;
import llmload.analysis.RunAnalysis;
import llmload.metrics.RequestFixture;
import llmload.metrics.SampleFixture;
import llmload.model.MetricSummary;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.RunMeasurements;
import llmload.model.ServerPlace;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

/** One request of 10 tokens from 40 to 60 s, and what was watched from 0 to 70 s. */
class TelemetryAnalysisTest {
  private final List<TelemetrySample> samples = new ArrayList<>();
  private final List<RequestRecord> requests = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();

  TelemetryAnalysisTest() {
    requests.add(RequestFixture.stream(10_000, 10_000).sent(40_000).usage(10, 10).build());
  }

  private void sample(int atSecond, String source, String name, double value, String... labels) {
    samples.add(SampleFixture.sample(source, atSecond, name, value, labels));
  }

  /** 50 W until the request is sent, then 250 W. */
  private void power(int fromSecond) {
    for (int at = fromSecond; at <= 70; at++) {
      sample(at, "gpu", "power_watts", at <= 40 ? 50 : 250, "uuid", "a");
    }
  }

  private MetricSummary metric(String id) {
    return metric(ManifestFixture.with(settings), id);
  }

  private MetricSummary metric(RunManifest manifest, String id) {
    MetricSummary found = measured(manifest).metrics().getOrDefault("all", Map.of()).get(id);
    assertThat(found).as(id).isNotNull();
    return found;
  }

  private RunMeasurements measured(RunManifest manifest) {
    RunAnalysis analysis = new RunAnalysis(manifest);
    TelemetryAnalysis telemetry = new TelemetryAnalysis(manifest);
    requests.forEach(analysis::accept);
    requests.forEach(telemetry::accept);
    samples.forEach(telemetry::accept);
    return telemetry.into(analysis.finish(null, requests.size(), 0));
  }

  private String origin(String id) {
    return measured(ManifestFixture.with(settings))
        .telemetry()
        .origins()
        .getOrDefault(id, "not measured");
  }

  private void assertValue(String id, double expected) {
    assertThat(metric(id).value()).as(id).isNotNull().isCloseTo(expected, within(1e-6));
  }

  @Test
  void netEnergy_isWhatWasDrawnBeyondThePowerBeforeTheLoad() {
    settings.put("telemetry.lead", "30s");
    power(0);

    // One second from 50 to 250 W, 150 J, and 19 at 250 W: 4900 J. Idle for 20 s: 1000 J.
    assertValue("energy", 4_900);
    assertValue("idle_power", 50);
    assertValue("net_energy", 3_900);
    assertValue("net_energy_per_output_token", 390);
    assertValue("net_energy_per_request", 3_900);
  }

  @Test
  void netEnergy_ofProcessors_isThatOfTheirCounters_andMayBeLessThanNothing() {
    settings.put("telemetry.lead", "30s");
    for (int at = 0; at <= 70; at++) {
      // 20 W before the load, 15 W from then on.
      sample(at, "host", "energy_joules", at <= 40 ? 20 * at : 800 + 15 * (at - 40), "zone", "p0");
      sample(at, "process", "rss_bytes", 1e6, "pid", "1");
    }

    assertValue("energy", 300);
    assertValue("idle_power", 20);
    assertValue("net_energy", -100);
  }

  @Test
  void warmUp_isNoIdleTime() {
    settings.put("telemetry.lead", "30s");
    requests.add(RequestFixture.stream(1_000, 1_000).sent(31_000).usage(10, 10).warmup().build());
    for (int at = 0; at <= 70; at++) {
      sample(at, "gpu", "power_watts", at <= 31 ? 50 : 250, "uuid", "a");
    }

    // From 1 to 31 s; the window is at 250 W throughout.
    assertValue("idle_power", 50);
    assertValue("net_energy", 20 * 250 - 20 * 50);
  }

  @Test
  void netEnergy_withoutALongEnoughLead_isNotMeasured_andSaysWhy() {
    power(0);
    for (String lead : List.of("", "29s")) {
      settings.put("telemetry.lead", lead);
      assertThat(metric("net_energy").value()).isNull();
      assertThat(metric("net_energy").notMeasured())
          .isEqualTo(
              "nothing was watched long enough before the load: telemetry.lead is %s s, 30 s are"
                      .formatted(lead.isEmpty() ? "0" : "29")
                  + " needed");
      assertThat(metric("idle_power").notMeasured())
          .isEqualTo(metric("net_energy_per_output_token").notMeasured());
    }
    assertValue("energy", 4_900);
  }

  @Test
  void netEnergy_withTooFewSamplesBefore_isNotMeasured_andWithoutAnyEnergySaysThat() {
    settings.put("telemetry.lead", "30s");
    // 28 of 30 s are less than 0.95.
    power(12);
    assertThat(metric("net_energy").notMeasured())
        .isEqualTo("too few samples of energy or power in the 30 s before the load");

    samples.clear();
    assertThat(metric("net_energy").notMeasured()).isEqualTo("no GPU was read");
  }

  @Test
  void modelLoadTime_isTheLongestThatAnAnswerTold_whereNoMetricsTellIt() {
    assertThat(metric("model_load_time").value()).isNull();
    requests.add(
        RequestFixture.stream(1_000, 1_000)
            .sent(31_000)
            .serverTook(2_311.5, 10, 20)
            .warmup()
            .build());
    requests.add(RequestFixture.stream(100, 100).sent(41_000).serverTook(2.5, 10, 20).build());

    assertValue("model_load_time", 2.3115);
    sample(45, "server", "model_load_seconds", 7.5, "url", "a");
    assertValue("model_load_time", 7.5);
  }

  @Test
  void hostMemoryPeak_isTheMostOfTheWindow_ofAllThereIs() {
    for (int at = 0; at <= 70; at++) {
      samples.add(
          SampleFixture.sample(
              "host",
              at,
              Map.of("memory_used_bytes", at < 30 ? 15e9 : at * 1e8, "memory_total_bytes", 16e9)));
    }
    // At 60 s 6 GB of 16.
    assertValue("host_memory_peak", 0.375);
  }

  @Test
  void hostMemoryPeak_ofAServerOnAnotherMachine_isNotMeasured() {
    for (int at = 0; at <= 70; at++) {
      samples.add(
          SampleFixture.sample(
              "host", at, Map.of("memory_used_bytes", 6e9, "memory_total_bytes", 16e9)));
    }

    assertThat(
            metric(ManifestFixture.servedOn(ServerPlace.ANOTHER_MACHINE), "host_memory_peak")
                .notMeasured())
        .isEqualTo(ServerPlace.ANOTHER_MACHINE.whyNotJudged());
  }

  @Test
  void sourceThatDiedInTheWindow_isTheReasonOfItsNumbers() {
    for (int at = 0; at <= 45; at++) {
      sample(at, "server", "requests_waiting_count", 3, "url", "http://a/metrics");
    }
    sample(70, "telemetry", "taken_count", 46, "of", "server http://a/metrics");
    samples.add(
        SampleFixture.sample(
            "telemetry",
            70,
            "missed_count",
            25,
            "of",
            "server http://a/metrics",
            "reason",
            "UNREACHABLE",
            "message",
            "connection refused"));
    // Another server's troubles are not this one's.
    sample(70, "telemetry", "taken_count", 1, "of", "server http://b/metrics");
    samples.add(
        SampleFixture.sample(
            "telemetry",
            70,
            "missed_count",
            9,
            "of",
            "server http://b/metrics",
            "reason",
            "TIMEOUT"));

    // From 40 to 45 s of 40 to 60 s.
    assertThat(metric("queue_depth").value()).isNull();
    assertThat(metric("queue_depth").notMeasured())
        .isEqualTo(
            "samples of requests_waiting_count cover 0.25 of the window, 0.50 is needed (server"
                + " http://a/metrics: 25 of 71 looks failed, most of them UNREACHABLE: connection"
                + " refused)");
    assertThat(origin("queue_depth")).isEqualTo("not measured");
  }

  @Test
  void prefixHits_byTheAnswersUsage_countWhereNoMetricTellsThem_andEveryAnswerDoes() {
    requests.clear();
    requests.add(RequestFixture.stream(100, 100).sent(40_000).usage(100, 2).cached(64).build());
    requests.add(RequestFixture.stream(100, 100).sent(50_000).usage(300, 2).cached(0).build());

    assertValue("prefix_hit_rate", 0.16);
    assertThat(origin("prefix_hit_rate")).isEqualTo("cached ÷ prompt tokens by the answers' usage");
    requests.add(RequestFixture.stream(100, 100).sent(51_000).usage(300, 2).build());
    assertThat(metric("prefix_hit_rate").value()).isNull();
    assertThat(metric("prefix_hit_rate").notMeasured())
        .isEqualTo("no metrics of the server were read");
  }

  @Test
  void extremes_ofAGaugeThatIsHalfKnown_areNot_andItsMeanSaysOfWhatItIs() {
    for (int at = 0; at <= 52; at++) {
      sample(at, "server", "requests_waiting_count", at == 45 ? 9 : 0, "engine", "vllm");
    }

    // From 40 to 52 s of 40 to 60 s: 9 / 12 on the mean; the most may have been later.
    assertThat(metric("queue_depth").mean()).isCloseTo(0.75, within(1e-9));
    assertThat(metric("queue_depth").max()).isNull();
    assertThat(origin("queue_depth"))
        .isEqualTo("requests_waiting_count of vllm, over 0.60 of the window");
    for (int at = 0; at <= 52; at++) {
      sample(at, "process", "rss_bytes", 2L << 20, "pid", "7", "name", "python3");
    }
    assertThat(metric("peak_memory").value()).isNull();
    assertThat(metric("peak_memory").notMeasured())
        .isEqualTo(
            "the most is not known: rss_bytes of the server's process, python3, over 0.60 of the"
                + " window");
    assertValue("mean_memory", 2);
  }

  @Test
  void reasonOfANumberThatSeveralWaysLeadTo_isThatOfTheOneThatIsExposed() {
    for (int at = 0; at <= 55; at++) {
      sample(at, "server", "evicted_blocks_count", at, "engine", "vllm");
    }

    assertThat(metric("evictions").notMeasured())
        .startsWith("samples of evicted_blocks_count cover 0.75 of the window");
    assertThat(metric("evicted_tokens").notMeasured())
        .startsWith("samples of evicted_blocks_count cover 0.75 of the window");
  }

  @Test
  void energyPerToken_needsTheTokensOfEveryAnswer() {
    power(0);
    requests.add(RequestFixture.chat(20_000).sent(40_000).build());

    assertThat(metric("energy_per_output_token").value()).isNull();
    assertThat(metric("energy_per_output_token").notMeasured())
        .isEqualTo("tokens of 1 of 2 answers were counted");
    assertThat(metric("energy_per_request").value()).isNotNull();
  }

  @Test
  void power_isNeededForMoreOfTheWindowThanAGauge_andSaysSo() {
    for (int at = 0; at <= 55; at++) {
      sample(at, "gpu", "power_watts", 100, "uuid", "a", "via", "nvidia-smi");
    }

    assertThat(metric("energy").notMeasured())
        .isEqualTo("samples of power_watts cover 0.75 of the window, 0.95 is needed");
  }

  @Test
  void origins_sayWhatANumberFellBackTo_andWhatIsAnEstimate() {
    for (int at = 0; at <= 70; at++) {
      samples.add(
          SampleFixture.sample(
              "server",
              at,
              Map.of(
                  "prefix_hit_tokens",
                  at * 1.0,
                  "prefix_queried_tokens",
                  at * 4.0,
                  "kv_used_tokens",
                  500.0,
                  "kv_used_ratio",
                  0.5),
              "engine",
              "vllm",
              "kvCapacity",
              "estimate"));
    }
    assertValue("prefix_hit_rate", 0.25);
    assertThat(origin("prefix_hit_rate"))
        .isEqualTo("prefix_hit_tokens ÷ prefix_queried_tokens of vllm");
    assertThat(origin("kv_used_tokens")).isEqualTo("kv_used_tokens of vllm, an estimate");
    assertThat(origin("kv_used_ratio")).isEqualTo("kv_used_ratio of vllm");
    settings.put("telemetry.kvBytesPerToken", "10");
    assertThat(metric("kv_used_bytes").max()).isEqualTo(5_000);
    assertThat(origin("kv_used_bytes"))
        .isEqualTo("kv_used_tokens of vllm, an estimate × telemetry.kvBytesPerToken");
  }

  @Test
  void memoryOfTheServersProcess_isNamedAsSuch() {
    for (int at = 0; at <= 70; at++) {
      sample(at, "process", "rss_bytes", 2L << 20, "pid", "7");
    }

    assertValue("peak_memory", 2);
    assertThat(origin("peak_memory")).isEqualTo("rss_bytes of the server's process");
  }
}
