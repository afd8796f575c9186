package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server holds an answer to and what it refuses, with the real model. */
class InferenceServerLimitsIT extends LlamaServerContract {
  @Test
  void prompt_longerThanTheContext_is400WithTheNumbers() throws Exception {
    String words = "word ".repeat(3_000);
    String body =
        "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}";

    HttpResponse<String> response = send("/v1/chat/completions", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/json; charset=utf-8");
    JsonNode error = MAPPER.readTree(response.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("param").asText()).isEqualTo("messages");
    // llama.cpp's own server counted 6,012 for the same text twice as long: 2 a "word ", 12 around.
    assertThat(error.path("message").asText()).contains("Found: 3012 tokens");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40})
  void prompt_thatLeavesRoomForAFew_isAnsweredWithExactlyThose(int roomTokenCount)
      throws Exception {
    // " a" is one token, so n of them are n.
    String prompt = " a".repeat(2_048 - roomTokenCount);
    String body =
        "{\"prompt\":\"" + prompt + "\",\"max_tokens\":500,\"ignore_eos\":true,\"seed\":1}";

    JsonNode answer = MAPPER.readTree(send("/v1/completions", body).body());

    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(2_048 - roomTokenCount);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(roomTokenCount);
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void schema_ofARequest_holdsTheAnswer() throws Exception {
    String schema =
        """
        {"type":"object","additionalProperties":false,"required":["city","temp","sky","tags"],
         "properties":{"city":{"type":"string","minLength":1,"maxLength":12},
           "temp":{"type":"integer","minimum":-40,"maximum":60},
           "sky":{"enum":["clear","cloudy","rain"]},
           "tags":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"boolean"}}}}
        """;
    for (int seed = 1; seed <= 5; seed++) {
      JsonNode answer =
          chat(
              "\"max_tokens\":200,\"seed\":%d,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":%s}}"
                  .formatted(seed, schema));

      assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
      JsonNode value = MAPPER.readTree(answer.at("/choices/0/message/content").asText());
      assertThat(value.properties().stream().map(Map.Entry::getKey))
          .containsExactly("city", "temp", "sky", "tags");
      assertThat(value.path("city").textValue()).hasSizeBetween(1, 12);
      assertThat(value.path("temp").isInt()).isTrue();
      assertThat(value.path("temp").intValue()).isBetween(-40, 60);
      assertThat(value.path("sky").textValue()).isIn("clear", "cloudy", "rain");
      assertThat(value.path("tags")).hasSizeBetween(1, 2).allMatch(JsonNode::isBoolean);
    }
  }

  @Test
  void jsonObject_format_givesAnObject() throws Exception {
    JsonNode answer =
        chat("\"max_tokens\":1000,\"seed\":3,\"response_format\":{\"type\":\"json_object\"}");

    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(MAPPER.readTree(answer.at("/choices/0/message/content").asText()).isObject())
        .isTrue();
  }

  @Test
  void tokenize_givesTheRecordedTokens() throws Exception {
    // llamacpp-tokenize.json: the same text on llama.cpp's own server.
    assertThat(send("/tokenize", "{\"content\":\"Hello world, this is a test.\"}").body())
        .isEqualTo("{\"tokens\":[887,1236,44,462,347,258,1629,46]}");
  }

  @Test
  void models_listTheServedOne() throws Exception {
    JsonNode list = MAPPER.readTree(get("/v1/models").body());

    assertThat(list.at("/data/0/id").asText()).isEqualTo("tiny-kjv");
    assertThat(list.at("/data/0/max_model_len").asInt()).isEqualTo(2_048);
    assertThat(get("/v1/models/tiny-kjv").statusCode()).isEqualTo(200);
    assertThat(get("/v1/models/other").statusCode()).isEqualTo(404);
  }

  @Test
  void request_thatIsNotServed_hasItsStatusAndAnErrorBody() throws Exception {
    assertError(get("/v1/nope"), 404, "not_found");
    assertError(get("/v1/chat/completions"), 405, "method_not_allowed");
    assertThat(get("/v1/chat/completions").headers().firstValue("allow")).hasValue("POST");
    assertError(send("/v1/chat/completions", "{\"messages\":"), 400, "invalid_json");
    assertError(send("/tokenize", "x".repeat(200_001)), 413, "request_too_large");
  }

  private static void assertError(HttpResponse<String> response, int status, String code)
      throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode error = MAPPER.readTree(response.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("message").asText()).contains(": Expecting ", ". Found: ");
  }

  @Test
  void connection_keptAlive_servesRequestsInOrderEvenPipelined() throws Exception {
    try (java.net.Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String body = "{" + HELLO + ",\"max_tokens\":2}";
      String request =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(body.length(), body);
      String last = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write((request + last).getBytes(StandardCharsets.US_ASCII));

      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      List<String> bodies =
          answers.lines().filter(line -> line.contains("{")).collect(Collectors.toList());
      assertThat(answers.indexOf("chat.completion")).isBetween(0, answers.indexOf("slots_idle"));
      assertThat(bodies).hasSize(2);
    }
  }
}
