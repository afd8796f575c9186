package llmload.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import llmload.model.RequestKind;

/**
 * Ollama's own API, whose answers end with the server's counts and durations; its OpenAI-style API
 * tells none of the latter.
 *
 * <p>Conversations go to {@code /api/chat}, plain prompts to {@code /api/generate}, which wraps
 * them in the model's template unless {@code extraBody} says {@code {"raw":true}}. It knows neither
 * a least number of tokens nor {@code ignore_eos}: both are left out.
 */
final class OllamaDialect implements Dialect {
  private static final WholeBody BODY = new OllamaBody();
  private static final Set<RequestKind> KINDS =
      Collections.unmodifiableSet(
          EnumSet.of(
              RequestKind.CHAT,
              RequestKind.COMPLETION,
              RequestKind.STRUCTURED,
              RequestKind.CONVERSATION,
              RequestKind.HEALTH,
              RequestKind.MODELS));

  @Override
  public String id() {
    return "ollama";
  }

  @Override
  public Set<RequestKind> kinds() {
    return KINDS;
  }

  @Override
  public String path(RequestKind kind) {
    return switch (kind) {
      case CHAT, STRUCTURED, CONVERSATION -> "/api/chat";
      case COMPLETION -> "/api/generate";
      case HEALTH -> "/";
      case MODELS -> "/api/tags";
      default ->
          throw new IllegalArgumentException(
              "kind: Expecting one that the dialect ollama knows: %s. Found: %s."
                  .formatted(
                      KINDS.stream().map(RequestKind::id).collect(Collectors.joining(", ")),
                      kind.id()));
    };
  }

  @Override
  public boolean isPost(RequestKind kind) {
    return kind != RequestKind.HEALTH && kind != RequestKind.MODELS;
  }

  @Override
  public String encode(RequestKind kind, GenerationRequest request) {
    String unused = path(kind);
    if (!isPost(kind)) {
      throw new IllegalArgumentException(
          "kind: Expecting one with a body. Found: " + kind.id() + ".");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    if (request.model() != null) {
      body.put("model", request.model());
    }
    if (kind == RequestKind.COMPLETION) {
      body.put("prompt", OpenAiDialect.prompt(request));
    } else {
      body.set("messages", OpenAiDialect.messages(request));
    }
    body.put("stream", request.stream());
    if (request.jsonSchema() != null) {
      body.set("format", MergePatch.object("jsonSchema", request.jsonSchema()));
    }
    ObjectNode options = options(request);
    if (!options.isEmpty()) {
      body.set("options", options);
    }
    if (request.extraBody() != null) {
      MergePatch.apply(body, "extraBody", request.extraBody());
    }
    return body.toString();
  }

  private static ObjectNode options(GenerationRequest request) {
    ObjectNode options = Json.MAPPER.createObjectNode();
    if (request.maxTokens() != null) {
      options.put("num_predict", request.maxTokens());
    }
    if (request.temperature() != null) {
      options.put("temperature", request.temperature());
    }
    if (request.seed() != null) {
      options.put("seed", request.seed());
    }
    if (!request.stop().isEmpty()) {
      ArrayNode stop = options.putArray("stop");
      request.stop().forEach(stop::add);
    }
    return options;
  }

  @Override
  public ReplyReader reader(RequestKind kind, ReplyOptions options) {
    if (kind != RequestKind.OPERATION) {
      String unused = path(kind);
    }
    // Each of its frames holds the time, so that no two are alike but for their text.
    return kind.isGeneration() && options.stream()
        ? new StreamReplyReader(options, false, FrameForm.OLLAMA)
        : new WholeReplyReader(BODY, kind, options);
  }
}
