package llmload.simulations.scenarios.tokenspeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSpeedSettingsTest {
  private static TokenSpeedSettings read(Map<String, @Nullable Object> profile, String... pairs) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      given.put("llm." + pairs[i], pairs[i + 1]);
    }
    SettingsReader reader = SettingsReader.of(given, Map.of(), profile, "quick");
    TokenSpeedSettings settings = TokenSpeedSettings.read(reader);
    reader.requireNoProblems();
    return settings;
  }

  private static List<String> names(String... pairs) {
    return read(Map.of(), pairs).parts().stream().map(SpeedPart::name).toList();
  }

  @Test
  void byDefault_areTheElevenTestsOfTheDocument() {
    assertThat(names())
        .containsExactly(
            "single_short",
            "single_medium",
            "single_long",
            "single_code_generation",
            "streaming_short",
            "streaming_medium",
            "streaming_long",
            "streaming_code_generation",
            "batch_5",
            "batch_10",
            "batch_20");
    TokenSpeedSettings settings = read(Map.of());
    assertThat(settings.maxTokens()).isEqualTo(500);
    // 5 times: 8 single requests and 5 + 10 + 20 in batches.
    assertThat(settings.requestCount()).isEqualTo(5 * (8 + 35));
  }

  @Test
  void maxTokens_shared_counts_andTheSuitesOwnMore() {
    assertThat(read(Map.of(), "maxTokens", "80").maxTokens()).isEqualTo(80);
    assertThat(read(Map.of(), "maxTokens", "80", "token_speed.maxTokens", "90").maxTokens())
        .isEqualTo(90);
  }

  @Test
  void only_choosesByNameAndBySort_inTheSuitesOrder() {
    assertThat(names("token_speed.only", "batch,single_long"))
        .containsExactly("single_long", "batch_5", "batch_10", "batch_20");
    assertThat(names("token_speed.only", "streaming_short", "token_speed.streaming", "true"))
        .containsExactly("streaming_short");
  }

  @Test
  void serversThatCannotStream_haveNoStreamingTests() {
    TokenSpeedSettings settings =
        read(Map.of(), "token_speed.streaming", "false", "endpoints", "a=http://a:1");
    assertThat(settings.parts()).noneMatch(SpeedPart::streamed).hasSize(4 + 3 + 1);
    assertThat(settings.parts().get(7).name()).isEqualTo("backend_a");
    // Every sort of prompt goes to the server, 5 times.
    assertThat(settings.requestCount(settings.parts().get(7))).isEqualTo(20);
  }

  @Test
  void batches_areAnyList() {
    assertThat(names("token_speed.batches", "1,2,5,10,20,50,100", "token_speed.only", "batch"))
        .containsExactly(
            "batch_1", "batch_2", "batch_5", "batch_10", "batch_20", "batch_50", "batch_100");
  }

  @Test
  void customPromptsAndTests_areNamedByTheirKeys() {
    TokenSpeedSettings settings =
        read(
            Map.of(
                "token_speed",
                Map.of("tests", Map.of("my-agent", "Plan a journey: two days, one city"))),
            "token_speed.prompts",
            "scientific: Explain entropy; creative: Write a haiku");
    assertThat(settings.parts())
        .extracting(SpeedPart::name)
        .contains("single_scientific", "streaming_creative", "my-agent");
    assertThat(settings.customPrompts())
        .containsEntry("scientific", "Explain entropy")
        .containsEntry("my-agent", "Plan a journey: two days, one city");
  }

  @Test
  void promptsFile_givesTestsByTheirIds(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("own.jsonl"), "{\"id\": \"legal\", \"prompt\": \"Cite a statute.\"}\n");
    assertThat(names("token_speed.promptsFile", file.toString()))
        .contains("single_legal", "streaming_legal");
  }

  @Test
  void problems_areAllTold() {
    assertThatThrownBy(
            () ->
                names(
                    "token_speed.only",
                    "single_shrot",
                    "token_speed.batches",
                    "0,x",
                    "token_speed.prompts",
                    "bad key: text",
                    "users",
                    "4"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(5)
                    .anyMatch(p -> p.contains("only") && p.contains("Found: single_shrot."))
                    .anyMatch(p -> p.contains("batches") && p.contains("Found: 0."))
                    .anyMatch(p -> p.contains("batches") && p.contains("Found: x."))
                    .anyMatch(p -> p.contains("Found: bad key."))
                    .anyMatch(p -> p.startsWith("llm.users")));
  }

  @Test
  void profileOfAllSimulations_maySayHowManyUsers() {
    assertThat(read(Map.of("users", 4, "requests", 50)).repetitions()).isEqualTo(5);
  }

  @Test
  void tests_moreThanHaveMetricsOfTheirOwn_areRefused() {
    String many =
        String.join(",", IntStream.rangeClosed(1, 42).mapToObj(Integer::toString).toList());
    // 8 + 42 are one more than fit beside the scope of all.
    assertThatThrownBy(() -> names("token_speed.batches", many))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Found: 50.");
  }

  @Test
  void sameNameTwice_isRefused() {
    assertThatThrownBy(() -> names("token_speed.tests", "batch_5: again"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("batch_5 twice");
  }
}
