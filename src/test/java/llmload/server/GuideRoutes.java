package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * llm-server's API under {@code /api/v1}, in both forms: the routes of its code and those of its
 * performance guide.
 *
 * <p>A request is put into OpenAI's words and handed to the server's own chat endpoint; the answer
 * is put into llm-server's. Errors follow its rules: 401 without the key, 422 with a list for a
 * broken body, 400 for an unknown provider or a missing schema, 404 for an unknown schema. Event
 * loop and intake thread.
 */
final class GuideRoutes {
  static final String PREFIX = "/api/v1/";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String JSON = "application/json";
  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String SCHEMAS = "schemas";
  private static final Map<String, String> METHODS =
      Map.of(
          "health", GET,
          "models", GET,
          "outlines-models", GET,
          "metrics", GET,
          "completions", POST,
          "structured-completions", POST,
          "structured", POST,
          "unstructured", POST,
          "conversation", POST);

  private final Model model;
  private final GuideSchemas schemas;
  private final GuideCounters counters = new GuideCounters();
  private final BiConsumer<byte[], Exchange> chat;

  /**
   * What is served, and to whom.
   *
   * @param name the model's name
   * @param contextTokens tokens that it holds, prompt and answer together
   * @param apiKey the key that each request must carry; {@code null} if none must
   */
  record Model(String name, int contextTokens, @Nullable String apiKey) {}

  /**
   * @param chat takes a body of {@code /v1/chat/completions}, and answers
   */
  GuideRoutes(Model model, Clock clock, BiConsumer<byte[], Exchange> chat) {
    this.model = model;
    this.schemas = new GuideSchemas(clock);
    this.chat = chat;
  }

  /** Whether a path is one of these routes'. */
  boolean knows(String path) {
    return path.startsWith(PREFIX);
  }

  /** Answers one request, now or later. */
  void handle(String method, String path, byte[] body, Exchange exchange) {
    String route = path.substring(PREFIX.length());
    long began = counters.begin();
    exchange.translate(
        answer -> {
          Exchange.Answer told = GuideAnswers.error(answer);
          counters.answered(method, path, told.status(), began);
          return told;
        });
    if (model.apiKey() != null && !model.apiKey().equals(exchange.apiKey())) {
      exchange.error(GuideAnswers.unauthorized());
      return;
    }
    try {
      if (route.equals(SCHEMAS) || route.startsWith(SCHEMAS + "/")) {
        schemas.handle(method, route.substring(SCHEMAS.length()), body, exchange);
        return;
      }
      String allowed = METHODS.get(route);
      if (allowed == null) {
        exchange.error(ApiException.noRoute(path));
      } else if (!allowed.equals(method)) {
        exchange.wrongMethod(method, allowed);
      } else if (allowed.equals(GET)) {
        exchange.json(200, look(route));
      } else {
        generate(method, path, body, exchange, began);
      }
    } catch (ApiException e) {
      exchange.error(e);
    }
  }

  private ObjectNode look(String route) {
    return switch (route) {
      case "health" ->
          MAPPER
              .createObjectNode()
              .put("status", 200)
              .put("description", "ok")
              .put("version", "0.1.0");
      case "metrics" -> counters.json();
      default -> models();
    };
  }

  private ObjectNode models() {
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("models");
    list.addObject()
        .put("id", model.name())
        .put("provider", GuideRequests.PROVIDER)
        .put("name", model.name())
        .put("context_window", model.contextTokens())
        .put("supports_structured_output", true)
        .put("max_output_tokens", model.contextTokens());
    return answer;
  }

  private void generate(
      String method, String path, byte[] body, Exchange exchange, long beganNanos) {
    GuideRequests.Ask ask =
        GuideRequests.read(path.substring(PREFIX.length()), body, schemas::find);
    exchange.translate(
        answer -> {
          Exchange.Answer told =
              answer.status() == 200
                  ? GuideAnswers.generated(answer, ask)
                  : GuideAnswers.error(answer);
          counters.answered(method, path, told.status(), beganNanos);
          counters.generated(ask, told.status(), told.body(), beganNanos);
          return told;
        });
    chat.accept(ask.chatBody(), exchange);
  }

  /** A JSON object as a response. */
  static Exchange.Answer json(int status, JsonNode body, Map<String, String> headers) {
    return new Exchange.Answer(
        status, body.toString().getBytes(StandardCharsets.UTF_8), JSON, headers);
  }
}
