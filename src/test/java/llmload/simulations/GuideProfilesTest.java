package llmload.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.config.SettingsReader;
import llmload.model.WrkScenario;
import llmload.run.RunSettings;
import llmload.simulations.scenarios.GuideSettings;
import llmload.simulations.scenarios.WrkProfileSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What llm-server's guide states, in the shipped profiles as a run reads them. */
class GuideProfilesTest {
  private static RunSettings profile(String name, String kind) {
    return RunSettings.read(
        Map.of("llm.profile", name, "llm.kind", kind), Map.of(), Path.of("").toAbsolutePath());
  }

  private static SettingsReader nothingSet() {
    return SettingsReader.of(Map.of(), Map.of(), Map.of(), "none");
  }

  // The guide: wrk with 10 connections for 30 s on health and models, 50 for 60 s on completions.
  @ParameterizedTest
  @CsvSource({
    "guide-health, health, 10, 30",
    "guide-models, models, 10, 30",
    "guide-batch, chat, 50, 60"
  })
  void profile_hasTheGuidesConnectionsAndTime(String name, String kind, int users, int seconds) {
    RunSettings settings = profile(name, kind);

    assertThat(settings.profile()).hasValue(name);
    assertThat(settings.load().users()).isEqualTo(users);
    assertThat(settings.load().duration()).hasValue(Duration.ofSeconds(seconds));
    assertThat(settings.load().requests()).isEmpty();
    assertThat(settings.load().isOpen()).isFalse();
    assertThat(settings.load().rampUp()).isZero();
    assertThat(settings.load().thinkTime()).isZero();
  }

  @Test
  void batch_asksForAnswersInOnePieceOfAtMost500Tokens() {
    RunSettings settings = profile("guide-batch", "chat");

    assertThat(settings.request().stream()).isFalse();
    assertThat(settings.request().maxTokens()).isEqualTo(500);
  }

  @Test
  void wholeGuide_hasItsNumbers_unlessTheUserSaysOtherwise() {
    GuideSettings guide = GuideSettings.read(nothingSet());

    assertThat(guide.lookUsers()).isEqualTo(10);
    assertThat(guide.lookTime()).isEqualTo(Duration.ofSeconds(30));
    assertThat(guide.batchUsers()).isEqualTo(50);
    assertThat(guide.batchTime()).isEqualTo(Duration.ofSeconds(60));
    assertThat(guide.conversations())
        .containsExactly(entry("short", 3), entry("medium", 2), entry("long", 2));
    assertThat(guide.conversationPause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(guide.maxTokens()).isEqualTo(500);
  }

  // 3 turns three times, 5 twice, 8 twice: 9 + 10 + 16 = 35 requests.
  @ParameterizedTest
  @CsvSource({"short, 3", "medium, 5", "long, 8"})
  void conversations_haveTheGuidesTurns(String kind, int turns) throws IOException {
    List<Integer> counts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("feeders/conversations", kind + ".jsonl"))) {
      JsonNode conversation = new ObjectMapper().readTree(line);
      counts.add(conversation.path("turns").size());
      assertThat(conversation.path("system").asText()).isNotBlank();
    }
    // As many as are talked through at least, so that none is repeated.
    assertThat(counts)
        .hasSizeGreaterThanOrEqualTo(kind.equals("short") ? 3 : 2)
        .containsOnly(turns);
  }

  @Test
  void wrkProfile_isTheScriptsSevenLoadsAtTheirFullTime() {
    WrkProfileSettings settings = WrkProfileSettings.read(nothingSet());

    assertThat(WrkScenario.values())
        .extracting(
            WrkScenario::threadCount,
            WrkScenario::connectionCount,
            one -> settings.time(one).toSeconds())
        .containsExactly(
            tuple(1, 1, 30L),
            tuple(2, 5, 30L),
            tuple(2, 15, 60L),
            tuple(2, 25, 60L),
            tuple(2, 50, 30L),
            tuple(2, 75, 30L),
            tuple(2, 20, 300L));
  }
}
