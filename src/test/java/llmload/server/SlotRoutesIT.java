package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The slots of the simulated engine beside recordings of llama.cpp's. */
class SlotRoutesIT extends SimulatedServerContract {
  private static JsonNode recorded(String name) throws IOException {
    Path file = Path.of("src/test/resources/fixtures/wire/llamacpp-slot-" + name + ".json");
    return MAPPER.readTree(Files.readString(file));
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.properties()
        .forEach(
            field -> {
              names.add(field.getKey() + " " + field.getValue().getNodeType());
              fields(field.getValue()).forEach(inner -> names.add(field.getKey() + "." + inner));
            });
    return names;
  }

  @Test
  void saveEraseRestore_answerAsLlamaCppDoes_andTheSlotIsWarmAgain() throws Exception {
    serve(null, "prefillTokensPerSecond", "100000");
    String fields = "\"max_tokens\":4,\"id_slot\":1,\"ignore_eos\":true";
    JsonNode cold = chat("Remember the number 42 and all the words.", fields);
    assertThat(cold.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isZero();
    int prompt = cold.at("/usage/prompt_tokens").asInt();

    JsonNode saved = MAPPER.readTree(post("/slots/1?action=save", "{\"filename\":\"s1.bin\"}"));
    JsonNode erased = MAPPER.readTree(post("/slots/1?action=erase", "{}"));
    assertThat(
            chat("Remember the number 42 and all the words.", fields)
                .at("/usage/prompt_tokens_details/cached_tokens")
                .asInt())
        .isZero();
    JsonNode restored =
        MAPPER.readTree(post("/slots/1?action=restore", "{\"filename\":\"s1.bin\"}"));

    assertThat(fields(saved)).isEqualTo(fields(recorded("save")));
    assertThat(fields(erased)).isEqualTo(fields(recorded("erase")));
    assertThat(fields(restored)).isEqualTo(fields(recorded("restore")));
    assertThat(restored.path("n_read")).isEqualTo(saved.path("n_written"));
    assertThat(erased.path("n_erased")).isEqualTo(saved.path("n_saved"));
    // As recorded there: all of the prompt but its last token.
    assertThat(
            chat("Remember the number 42 and all the words.", fields)
                .at("/usage/prompt_tokens_details/cached_tokens")
                .asInt())
        .isEqualTo(prompt - 1);
    assertThat(status("/slots/1?action=restore", "{\"filename\":\"none\"}")).isEqualTo(400);
    assertThat(status("/slots/1?action=save", "{\"filename\":\"../x\"}")).isEqualTo(400);
  }
}
