package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Answers and errors in llm-server's form, made of OpenAI's. */
final class GuideAnswers {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String UNAUTHORIZED = "unauthorized";

  private GuideAnswers() {}

  /** A request without the key, or with another one. */
  static ApiException unauthorized() {
    return new ApiException(401, UNAUTHORIZED, null, null, "Invalid or missing API key");
  }

  /**
   * An error in its form, {@code {"detail": …}}; other answers stay. A field that breaks a rule is
   * told with status 422 and a list, as FastAPI does.
   */
  static Exchange.Answer error(Exchange.Answer answer) {
    if (answer.status() < 400) {
      return answer;
    }
    JsonNode error = tree(answer.body()).path("error");
    String message = error.path("message").asText();
    ObjectNode body = MAPPER.createObjectNode();
    if (answer.status() == 400 && isOfBody(error)) {
      ObjectNode violation = body.putArray("detail").addObject();
      violation.put("type", "value_error");
      violation.putArray("loc").add("body").add(error.path("param").asText("body"));
      violation.put("msg", message).putNull("input");
      return GuideRoutes.json(422, body, answer.headers());
    }
    body.put("detail", message);
    return answer.status() == 401
        ? GuideRoutes.json(401, body, Map.of("WWW-Authenticate", "ApiKey"))
        : GuideRoutes.json(answer.status(), body, answer.headers());
  }

  private static boolean isOfBody(JsonNode error) {
    return error.path("param").isTextual() || error.path("code").asText().equals("invalid_json");
  }

  /**
   * A generated answer: {@code text}, or {@code raw_text} and {@code structured_output}. One that
   * was to fit a schema and is no JSON object is an error of the generation, status 500.
   */
  static Exchange.Answer generated(Exchange.Answer answer, GuideRequests.Ask ask) {
    JsonNode chat = tree(answer.body());
    String text = chat.at("/choices/0/message/content").asText();
    ObjectNode body =
        MAPPER
            .createObjectNode()
            .put("id", chat.path("id").asText())
            .put("provider", GuideRequests.PROVIDER)
            .put("model", ask.model());
    if (ask.structured()) {
      JsonNode output = object(text);
      if (!output.isObject()) {
        String why = "Generation failed: the answer is no JSON object";
        return GuideRoutes.json(500, MAPPER.createObjectNode().put("detail", why), Map.of());
      }
      body.put("raw_text", text).set("structured_output", output);
    } else {
      body.put("text", text);
    }
    JsonNode usage = chat.path("usage");
    ObjectNode counts = body.putObject("usage");
    for (String count : new String[] {"prompt_tokens", "completion_tokens", "total_tokens"}) {
      counts.set(count, usage.path(count));
    }
    return GuideRoutes.json(200, body, Map.of());
  }

  private static JsonNode object(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      return MAPPER.missingNode();
    }
  }

  /** What this server itself has written. */
  static JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
