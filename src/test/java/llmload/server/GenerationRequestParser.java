package llmload.server;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import llmload.server.engine.ChatMessage;
import llmload.server.engine.GenerationSpec;
import llmload.server.engine.JsonShape;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies.
 *
 * <p>A field that would change the answer and cannot be honoured is refused; a field that nobody
 * here knows is ignored, as other servers do.
 */
final class GenerationRequestParser {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_STOPS = 16;
  private static final Set<String> TEXT_PART_TYPES = Set.of("text", "input_text");

  private GenerationRequestParser() {}

  /**
   * A JSON object.
   *
   * @throws ApiException if {@code body} is none
   */
  static JsonNode readObject(byte[] body) {
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw ApiException.notJson(firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw ApiException.notJson(firstLine(e.getMessage()));
    }
    if (node == null || node.isMissingNode()) {
      throw ApiException.notJson("an empty body");
    }
    if (!node.isObject()) {
      throw ApiException.notJson(found(node));
    }
    return node;
  }

  /**
   * A request to generate.
   *
   * @throws ApiException if a rule is broken
   */
  static GenerationRequest parse(GenerationRequest.Kind kind, byte[] body) {
    JsonNode root = readObject(body);
    boolean chat = kind == GenerationRequest.Kind.CHAT;
    List<ChatMessage> messages = chat ? messages(root) : List.of();
    String prompt = chat ? "" : prompt(root);
    refuseUnsupported(root);
    JsonFields fields = new JsonFields(root);
    Integer maxTokens = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (maxTokens == null) {
      maxTokens = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
    }
    return new GenerationRequest(
        kind,
        messages,
        prompt,
        fields.string("model"),
        leastTokens(fields, maxTokens),
        maxTokens,
        sampling(fields),
        stops(root),
        fields.bool("ignore_eos"),
        ResponseFormat.shape(root.path("response_format")),
        tools(root),
        streaming(fields, root.path("stream_options")),
        session(fields),
        fields.bool("llmload_truth"));
  }

  private static int leastTokens(JsonFields fields, @Nullable Integer maxTokens) {
    int most = maxTokens == null ? Integer.MAX_VALUE : maxTokens;
    Integer least = fields.integer("min_tokens", 0, most);
    return least == null ? 0 : least;
  }

  /** A slot is a session like any other, under a name that no header can have. */
  private static @Nullable String session(JsonFields fields) {
    String id = fields.string("session_id");
    Integer slot = fields.integer("id_slot", -1, Integer.MAX_VALUE);
    if (id != null || slot == null || slot < 0) {
      return id == null ? null : SessionRoutes.agentId(id);
    }
    return SessionRoutes.slotId(slot);
  }

  /** A call is certain only where the request demands one: no model here is free to choose. */
  private static GenerationRequest.Tools tools(JsonNode root) {
    JsonNode tools = root.path("tools");
    JsonNode choice = root.path("tool_choice");
    if (tools.isEmpty()) {
      if (choice.asText().equals("required") || choice.isObject()) {
        throw ApiException.invalid("tool_choice", "tools beside it", found(choice));
      }
      return new GenerationRequest.Tools(false, null);
    }
    JsonNode wanted = choice.at("/function/name");
    boolean any = choice.asText().equals("required");
    for (int i = 0; i < tools.size() && (any || wanted.isTextual()); i++) {
      JsonNode name = tools.path(i).at("/function/name");
      if (!name.isTextual()) {
        throw ApiException.invalid("tools[" + i + "].function.name", "a text", found(name));
      }
      if (any || name.equals(wanted)) {
        return new GenerationRequest.Tools(true, tool(name.textValue(), tools.path(i), i));
      }
    }
    if (wanted.isTextual()) {
      throw ApiException.invalid(
          "tool_choice.function.name", "the name of one of the tools", found(wanted));
    }
    return new GenerationRequest.Tools(true, null);
  }

  private static GenerationRequest.Tool tool(String name, JsonNode tool, int index) {
    JsonNode parameters = tool.at("/function/parameters");
    JsonShape arguments =
        parameters.isMissingNode() || parameters.isNull()
            ? new JsonShape.Members(List.of())
            : JsonShapeParser.parse(parameters, "tools[" + index + "].function.", "parameters");
    return new GenerationRequest.Tool(name, arguments);
  }

  private static GenerationSpec.Sampling sampling(JsonFields fields) {
    return new GenerationSpec.Sampling(
        fields.wrappedInteger("seed"),
        fields.number("temperature", 0, 2),
        fields.number("top_p", 0, 1),
        fields.integer("top_k", -1, Integer.MAX_VALUE),
        fields.number("presence_penalty", -2, 2),
        fields.number("frequency_penalty", -2, 2));
  }

  private static GenerationRequest.Streaming streaming(JsonFields fields, JsonNode options) {
    boolean stream = fields.bool("stream");
    if (options.isMissingNode() || options.isNull()) {
      return new GenerationRequest.Streaming(stream, false, false);
    }
    if (!options.isObject()) {
      throw ApiException.invalid("stream_options", "an object", found(options));
    }
    if (!stream) {
      throw ApiException.invalid("stream_options", "it only with stream", "stream not set");
    }
    JsonFields inner = new JsonFields(options);
    boolean continuous = inner.bool("continuous_usage_stats");
    return new GenerationRequest.Streaming(true, inner.bool("include_usage"), continuous);
  }

  private static void refuseUnsupported(JsonNode root) {
    JsonFields fields = new JsonFields(root);
    Integer choices = fields.integer("n", 1, 128);
    if (choices != null && choices != 1) {
      throw ApiException.invalid("n", "1, one answer a request", choices.toString());
    }
    Integer bestOf = fields.integer("best_of", 1, 128);
    if (bestOf != null && bestOf != 1) {
      throw ApiException.invalid("best_of", "1, one answer a request", bestOf.toString());
    }
    JsonNode logprobs = root.path("logprobs");
    if (logprobs.isNumber() || logprobs.asBoolean()) {
      throw ApiException.unsupported("logprobs", "Leave it out.");
    }
    if (fields.bool("echo")) {
      throw ApiException.unsupported("echo", "Leave it out.");
    }
  }

  private static List<ChatMessage> messages(JsonNode root) {
    JsonNode list = root.path("messages");
    if (!list.isArray() || list.isEmpty()) {
      throw ApiException.invalid("messages", "a list of at least one message", found(list));
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String at = "messages[" + i + "]";
      JsonNode role = list.get(i).path("role");
      if (!role.isTextual() || role.textValue().isBlank()) {
        throw ApiException.invalid(at + ".role", "a word", found(role));
      }
      String content = content(at + ".content", list.get(i).path("content"), role.textValue());
      messages.add(new ChatMessage(role.textValue(), content));
    }
    return messages;
  }

  private static String content(String at, JsonNode content, String role) {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (content.isNull() && role.equals("assistant")) {
      return "";
    }
    if (!content.isArray()) {
      throw ApiException.invalid(at, "a text or a list of text parts", found(content));
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!TEXT_PART_TYPES.contains(part.path("type").asText()) || !part.path("text").isTextual()) {
        throw ApiException.invalid(at, "parts of type text", found(part));
      }
      text.append(part.path("text").textValue());
    }
    return text.toString();
  }

  private static String prompt(JsonNode root) {
    JsonNode prompt = root.path("prompt");
    JsonNode only = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (!only.isTextual() || only.textValue().isEmpty()) {
      throw ApiException.invalid("prompt", "one text that is not empty", found(prompt));
    }
    return only.textValue();
  }

  private static List<String> stops(JsonNode root) {
    JsonNode stop = root.path("stop");
    if (stop.isMissingNode() || stop.isNull()) {
      return List.of();
    }
    List<String> stops = new ArrayList<>();
    for (JsonNode one : stop.isArray() ? stop : List.of(stop)) {
      if (!one.isTextual() || one.textValue().isEmpty()) {
        throw ApiException.invalid("stop", "texts that are not empty", found(stop));
      }
      stops.add(one.textValue());
    }
    if (stops.size() > MAX_STOPS) {
      throw ApiException.invalid("stop", "at most " + MAX_STOPS + " texts", stops.size() + "");
    }
    return stops;
  }

  /** A value as it may stand in a message: short, on one line. */
  static String found(JsonNode node) {
    if (node.isMissingNode()) {
      return "nothing";
    }
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "no JSON" : message.lines().findFirst().orElse("no JSON");
  }
}
