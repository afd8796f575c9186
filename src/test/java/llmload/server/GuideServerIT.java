package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import llmload.server.engine.LlamaEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** llm-server's routes over the real model. */
@Timeout(120)
class GuideServerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String KEY = "guide-key";
  private static final String PERSON =
      """
      {"type":"object","properties":{"name":{"type":"string","maxLength":8},"age":{"type":"integer",
      "minimum":0,"maximum":120}},"required":["name","age"],"additionalProperties":false}""";

  private static LlamaEngine engine;
  private static InferenceServer server;

  @BeforeAll
  static void start() {
    engine = LlamaEngine.load(2, 2_048, 1);
    server = InferenceServer.start(ServerSettings.defaults().withApiKey(KEY), engine);
  }

  @AfterAll
  static void stop() {
    server.close();
    engine.close();
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request(path)
            .header("X-API-Key", KEY)
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/api/v1/" + path));
  }

  private static JsonNode answer(String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response = send("POST", path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void health_withoutKey_isRefusedLikeLlmServerDoes() throws Exception {
    HttpResponse<String> refused = CLIENT.send(request("health").build(), BodyHandlers.ofString());

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("ApiKey");
    assertThat(keys(JSON.readTree(refused.body()))).containsExactly("detail");
  }

  @ParameterizedTest
  @CsvSource({
    "health, X-API-Key, guide-key",
    "health?api_key=guide-key, X-None, x",
    "health, Cookie, a=b; api_key=guide-key"
  })
  void health_withKeyInHeaderQueryOrCookie_says200OkAndVersion(
      String path, String header, String value) throws Exception {
    HttpResponse<String> ok =
        CLIENT.send(request(path).header(header, value).build(), BodyHandlers.ofString());

    assertThat(ok.body())
        .isEqualTo("{\"status\":200,\"description\":\"ok\",\"version\":\"0.1.0\"}");
  }

  @ParameterizedTest
  @CsvSource({"models", "outlines-models"})
  void models_haveTheFieldsOfLlmServer(String path) throws Exception {
    JsonNode model = JSON.readTree(send("GET", path, "").body()).at("/models/0");

    assertThat(keys(model))
        .containsExactly(
            "id",
            "provider",
            "name",
            "context_window",
            "supports_structured_output",
            "max_output_tokens");
    assertThat(model.path("context_window").asInt()).isEqualTo(2_048);
  }

  @Test
  void completion_isTextWithUsage() throws Exception {
    JsonNode answer =
        answer(
            "completions",
            "{\"provider\":\"groq\",\"model\":\"m\",\"prompt\":\"Say hello\",\"max_tokens\":5}");

    assertThat(keys(answer)).containsExactly("id", "provider", "model", "text", "usage");
    assertThat(answer.path("text").asText()).isNotBlank();
    assertThat(answer.at("/usage/completion_tokens").asInt()).isBetween(1, 5);
    assertThat(answer.at("/usage/total_tokens").asInt())
        .isEqualTo(
            answer.at("/usage/prompt_tokens").asInt()
                + answer.at("/usage/completion_tokens").asInt());
  }

  @Test
  void documentedRoutes_needNoProvider() throws Exception {
    String asked = "\"model\":\"m\",\"max_tokens\":64";
    assertThat(answer("unstructured", "{" + asked + ",\"prompt\":\"Hi\"}").path("text").asText())
        .isNotBlank();
    JsonNode structured =
        answer("structured", "{" + asked + ",\"prompt\":\"A person\",\"schema\":" + PERSON + "}");
    assertThat(keys(structured.path("structured_output"))).containsExactly("name", "age");
    String turn = "{\"role\":\"user\",\"content\":\"Hi\"}";
    JsonNode one = answer("conversation", "{" + asked + ",\"messages\":[" + turn + "]}");
    JsonNode two =
        answer("conversation", "{" + asked + ",\"messages\":[" + turn + "," + turn + "]}");
    assertThat(two.at("/usage/prompt_tokens").asInt())
        .isGreaterThan(one.at("/usage/prompt_tokens").asInt());
  }

  @Test
  void schema_registered_isUsedByItsId_untilItIsDeleted() throws Exception {
    HttpResponse<String> made =
        send("POST", "schemas", "{\"name\":\"person\",\"json_schema\":" + PERSON + "}");
    assertThat(made.statusCode()).isEqualTo(201);
    JsonNode schema = JSON.readTree(made.body());
    assertThat(keys(schema))
        .containsExactly("id", "name", "description", "json_schema", "created_at", "updated_at");
    String id = schema.path("id").asText();
    assertThat(id).matches("[0-9a-f-]{36}");

    String ask =
        "{\"provider\":\"groq\",\"model\":\"m\",\"prompt\":\"A person\",\"max_tokens\":64,"
            + "\"schema_id\":\"%s\"}".formatted(id);
    JsonNode answer = answer("structured-completions", ask);
    assertThat(keys(answer))
        .containsExactly("id", "provider", "model", "raw_text", "structured_output", "usage");
    assertThat(answer.at("/structured_output/age").asInt()).isBetween(0, 120);

    assertThat(send("GET", "schemas", "").body()).contains(id);
    assertThat(send("GET", "schemas/" + id, "").statusCode()).isEqualTo(200);
    HttpResponse<String> gone = send("DELETE", "schemas/" + id, "");
    assertThat(gone.statusCode()).isEqualTo(204);
    assertThat(gone.body()).isEmpty();
    assertThat(send("GET", "schemas/" + id, "").statusCode()).isEqualTo(404);
    assertThat(send("POST", "structured-completions", ask).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          completions | {"model":"m","prompt":"p"} | 422
          completions | {"provider":"groq","model":"m"} | 422
          completions | {"provider":"groq","model":"m","prompt":"p","temperature":1.5} | 422
          completions | no json | 422
          completions | {"provider":"acme","model":"m","prompt":"p"} | 400
          structured-completions | {"provider":"groq","model":"m","prompt":"p"} | 400
          schemas | {"name":"n"} | 422
          nowhere | {} | 404
          health | {} | 405
          """)
  void badRequest_hasItsStatus_andADetail(String path, String body, int status) throws Exception {
    HttpResponse<String> response = send("POST", path, body);

    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode detail = JSON.readTree(response.body()).path("detail");
    assertThat(detail.isArray()).isEqualTo(status == 422);
    if (status == 422) {
      assertThat(keys(detail.path(0))).containsExactly("type", "loc", "msg", "input");
    } else {
      assertThat(detail.asText()).isNotBlank();
    }
  }

  @Test
  void structuredAnswer_thatIsCut_isAnErrorOfTheGeneration() throws Exception {
    HttpResponse<String> response =
        send(
            "POST",
            "structured-completions",
            "{\"provider\":\"groq\",\"model\":\"m\",\"prompt\":\"p\",\"max_tokens\":2,"
                + "\"validation_schema\":"
                + PERSON
                + "}");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("detail").doesNotContain("structured_output");
  }

  @Test
  void metrics_growByWhatWasAnswered() throws Exception {
    JsonNode before = JSON.readTree(send("GET", "metrics", "").body());
    JsonNode answer =
        answer(
            "completions",
            "{\"provider\":\"groq\",\"model\":\"counted\",\"prompt\":\"Hi\",\"max_tokens\":4}");
    JsonNode after = JSON.readTree(send("GET", "metrics", "").body());

    // The first look itself and the completion.
    assertThat(after.at("/requests/total").asInt() - before.at("/requests/total").asInt())
        .isEqualTo(2);
    assertThat(after.at("/llm/models/groq:counted/input_tokens").asInt())
        .isEqualTo(answer.at("/usage/prompt_tokens").asInt());
    assertThat(after.at("/llm/providers/groq/output_tokens").asInt())
        .isEqualTo(
            before.at("/llm/providers/groq/output_tokens").asInt()
                + answer.at("/usage/completion_tokens").asInt());
  }
}
