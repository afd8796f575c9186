package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedSettingsTest {
  @Test
  void nothingGiven_isTheSuitesMock() {
    SimulatedSettings settings = SimulatedSettings.of(Map.of());

    assertThat(settings.preset()).isEqualTo("suite10-5");
    assertThat(settings.latency())
        .isEqualTo(new LatencyModel(null, 10_000_000, 5_000_000, 0, 0, 0, 1));
    assertThat(settings.kvCache()).isNull();
  }

  @Test
  void value_given_replacesThePresetsAndNoOther() {
    SimulatedSettings settings =
        SimulatedSettings.of(
            Map.of("preset", "4xh100-70b-like", "decodeStep", "20ms", "kvBlocks", "100"));

    assertThat(settings.latency())
        .isEqualTo(new LatencyModel(12_600d, 20_000_000, 20_000_000, 35_000, 0.03, 0.002, 3));
    assertThat(settings.kvCache()).isEqualTo(new SimulatedSettings.KvCacheShape(100, 16, true));
    // A sequence cannot be longer than the whole cache: 100 x 16.
    assertThat(settings.contextTokenCount()).isEqualTo(1_600);
  }

  @Test
  void keys_listed_areThoseThatAreRead() {
    SettingsReader reader = SettingsReader.of(Map.of(), Map.of(), Map.of(), "none");
    SimulatedSettings unused = SimulatedSettings.read(reader);
    Map<String, String> every = new LinkedHashMap<>();
    SimulatedSettings.KEYS.keySet().forEach(key -> every.put("llm.engine." + key, "?"));
    SettingsReader wrong = SettingsReader.of(every, Map.of(), Map.of(), "none");
    SimulatedSettings unusedToo = SimulatedSettings.read(wrong);

    assertThatThrownBy(wrong::requireNoProblems)
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .as("each key but the folder's, which may be any, has a rule that \"?\" breaks")
                    .hasSize(SimulatedSettings.KEYS.size() - 1)
                    .noneMatch(problem -> problem.contains("sessionFolder"))
                    .allMatch(
                        problem -> problem.contains(": Expecting ") && problem.contains("?")));
    assertThat(new TreeSet<>(SimulatedSettings.KEYS.keySet()))
        .containsAll(reader.resolved().keySet().stream().map(key -> key.substring(7)).toList());
  }

  @Test
  void mistakes_areAllTold() {
    assertThatThrownBy(
            () -> SimulatedSettings.of(Map.of("outputTokens", "many", "jitter", "-1", "warp", "9")))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(3))
        .hasMessageContaining(
            "llm.engine.outputTokens: Expecting a length such as 128, uniform:100..200 or"
                + " normal:512,64. Found: many.");
  }

  @Test
  void stepsThatCannotHoldTheBatch_areRefused() {
    assertThat(
            SimulatedSettings.of(
                    Map.of("maxBatchedTokens", "16", "maxBatch", "4", "draftTokens", "3"))
                .maxBatchedTokens())
        .isEqualTo(16);
    assertThatThrownBy(
            () ->
                SimulatedSettings.of(
                    Map.of("maxBatchedTokens", "15", "maxBatch", "4", "draftTokens", "3")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("llm.engine.maxBatchedTokens: Expecting 16 or more");
  }

  @Test
  void option_ofAKey_isInLowerCaseWords() {
    assertThat(SimulatedSettings.option("ttftBase")).isEqualTo("--sim-ttft-base");
    assertThat(SimulatedSettings.option("seed")).isEqualTo("--sim-seed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "uniform:5..4", "uniform:5", "normal:5", "1.5", "normal:,3"})
  void lengths_malformed_areNone(String text) {
    assertThat(TokenLengths.parse(text)).isEmpty();
  }

  @Test
  void lengths_drawn_keepToTheirDistribution() {
    SplittableRandom random = new SplittableRandom(3);
    TokenLengths uniform = TokenLengths.parse("uniform:10..12").orElseThrow();
    TokenLengths normal = TokenLengths.parse("normal:500,20").orElseThrow();
    TreeSet<Integer> seen = new TreeSet<>();
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      seen.add(uniform.draw(random, 1));
      sum += normal.draw(random, 1);
    }

    assertThat(TokenLengths.parse("128").orElseThrow().draw(random, 1)).isEqualTo(128);
    assertThat(TokenLengths.parse("0").orElseThrow().draw(random, 1)).isEqualTo(1);
    assertThat(seen).containsExactly(10, 11, 12);
    // The standard error of the mean is 20 / 100 = 0.2.
    assertThat(sum / 10_000).isBetween(499.2, 500.8);
  }
}
