package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the served model says where it is asked for sessions, which it has not. */
class NoSessionsIT extends LlamaServerContract {

  @ParameterizedTest
  @CsvSource({
    "POST,/slots/0?action=save,/slots/0",
    "POST,/slots/0?action=restore,/slots/0",
    "POST,/slots/0?action=erase,/slots/0",
    "POST,/v1/agents,/v1/agents",
    "GET,/v1/agents/list,/v1/agents/list",
    "GET,/v1/agents/oai_ann,/v1/agents/oai_ann",
    "DELETE,/v1/agents/oai_ann?evict_only=true,/v1/agents/oai_ann",
    "GET,/debug/memory,/debug/memory"
  })
  void sessionRoute_isNotImplemented_andSaysWhichEngineHasIt(
      String method, String target, String path) throws Exception {
    HttpResponse<String> response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(server.baseUrl() + target))
                .method(method, BodyPublishers.ofString("{\"filename\":\"a.bin\"}"))
                .build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(501);
    JsonNode error = MAPPER.readTree(response.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo("not_supported_error");
    assertThat(error.path("message").asText())
        .isEqualTo(
            path
                + ": Expecting an engine with sessions. Found: llama. The engine simulated has"
                + " them.");
  }

  @Test
  void namedSession_isAnsweredLikeAnyOther() throws Exception {
    assertThat(
            chat("\"max_tokens\":4,\"session_id\":\"ann\"").at("/usage/completion_tokens").asInt())
        .isBetween(1, 4);
    assertThat(chat("\"max_tokens\":4,\"id_slot\":1").at("/usage/completion_tokens").asInt())
        .isBetween(1, 4);
  }
}
