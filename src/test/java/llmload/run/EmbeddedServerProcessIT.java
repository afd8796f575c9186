package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import llmload.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's process, and what takes its place. */
@Timeout(120)
class EmbeddedServerProcessIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @AfterEach
  void restore() {
    System.setProperty("java.class.path", CLASS_PATH);
  }

  /** The next process starts without the binding of the real engine. */
  private static void hideLlama() {
    String without =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator))
            .filter(entry -> !entry.contains("kherud"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without).isNotEqualTo(CLASS_PATH);
    System.setProperty("java.class.path", without);
  }

  @Test
  void noEngineAskedFor_realOneNotToBeHad_simulatedTakesItsPlaceAndSaysSo() {
    hideLlama();

    try (EmbeddedServerProcess server = EmbeddedServerProcess.start(ROOT, null, Map.of())) {
      assertThat(server.engine()).isEqualTo("simulated");
      assertThat(server.notices())
          .singleElement()
          .asString()
          .contains("The engine llama did not start, so the engine simulated takes its place");
    }
  }

  @Test
  void realEngineAskedFor_notToBeHad_isAnError() {
    hideLlama();

    assertThatThrownBy(() -> EmbeddedServerProcess.start(ROOT, "llama", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("llm.engine: The embedded server did not start: ");
  }

  @Test
  void simulatedEngine_withSettings_servesThem() throws Exception {
    Map<String, String> given = Map.of("preset", "4xh100-70b-like", "ttftBase", "1ms");
    try (EmbeddedServerProcess server = EmbeddedServerProcess.start(ROOT, "simulated", given)) {
      String models =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/models")).build(),
                  BodyHandlers.ofString())
              .body();

      assertThat(server.notices()).isEmpty();
      assertThat(models).contains("\"id\":\"4xh100-70b-like\"", "\"max_model_len\":32768");
    }
  }
}
