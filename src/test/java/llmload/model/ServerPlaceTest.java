package llmload.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerPlaceTest {
  private static RunManifest manifest(String baseUrl, Map<String, String> environment) {
    return new RunManifest(
        "run",
        "llmload.simulations.StressSimulation",
        Instant.parse("2026-01-01T00:00:00Z"),
        null,
        null,
        new TargetServer(baseUrl, "openai-chat", null, null, null),
        new LoadPlan("stress", "closed", 1, null, null, null, null, true, null),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        environment,
        null,
        List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "http://gpu:8000, this machine, THIS_MACHINE",
    "http://127.0.0.1:8000, another machine, ANOTHER_MACHINE",
    "http://127.0.0.1:8000, not known, NOT_KNOWN"
  })
  void record_thatSaysWhere_isBelieved_whateverTheAddress(
      String baseUrl, String said, ServerPlace place) {
    assertThat(ServerPlace.of(manifest(baseUrl, Map.of("serverMachine", said)))).isEqualTo(place);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000, THIS_MACHINE",
    "http://127.0.1.1/v1, THIS_MACHINE",
    "https://LocalHost, THIS_MACHINE",
    "http://[::1]:8000, THIS_MACHINE",
    "http://gpu:8000, NOT_KNOWN",
    "http://127.example.com:8000, NOT_KNOWN",
    "http://local_host:8000, NOT_KNOWN",
    "the embedded server, NOT_KNOWN"
  })
  void record_thatDoesNotSayWhere_tellsOfLoopbackAlone(String baseUrl, ServerPlace place) {
    assertThat(ServerPlace.of(manifest(baseUrl, Map.of()))).isEqualTo(place);
  }

  @Test
  void place_thatIsNotHere_saysWhyNothingIsJudged() {
    assertThat(ServerPlace.THIS_MACHINE.whyNotJudged()).isNull();
    assertThat(ServerPlace.ANOTHER_MACHINE.whyNotJudged())
        .isEqualTo("the server is on another machine");
    assertThat(ServerPlace.NOT_KNOWN.whyNotJudged())
        .isEqualTo("it is not known whether the server is on this machine");
  }
}
