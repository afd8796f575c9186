package llmload.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import llmload.model.RequestKind;

/**
 * The OpenAI API as vLLM, SGLang, TGI, llama.cpp, Ollama and gateways speak it.
 *
 * <p>{@code openai-chat} sends conversations to {@code /v1/chat/completions}, and knows every other
 * kind; {@code openai-completions} sends only plain prompts, to {@code /v1/completions}. A stream
 * asks for its usage ({@code stream_options.include_usage}).
 */
final class OpenAiDialect implements Dialect {
  private final String id;
  private final Set<RequestKind> kinds;

  private OpenAiDialect(String id, Set<RequestKind> kinds) {
    this.id = id;
    this.kinds = Collections.unmodifiableSet(kinds);
  }

  static OpenAiDialect chat() {
    return new OpenAiDialect(
        "openai-chat",
        EnumSet.complementOf(
            EnumSet.of(RequestKind.OPERATION, RequestKind.RETRIEVAL, RequestKind.SCHEMA)));
  }

  static OpenAiDialect completions() {
    return new OpenAiDialect(
        "openai-completions",
        EnumSet.of(
            RequestKind.COMPLETION,
            RequestKind.EMBEDDINGS,
            RequestKind.HEALTH,
            RequestKind.MODELS));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Set<RequestKind> kinds() {
    return kinds;
  }

  @Override
  public String path(RequestKind kind) {
    check(kind);
    return switch (kind) {
      case CHAT, STRUCTURED, CONVERSATION -> "/v1/chat/completions";
      case COMPLETION -> "/v1/completions";
      case EMBEDDINGS -> "/v1/embeddings";
      case HEALTH -> "/health";
      case MODELS -> "/v1/models";
      case OPERATION -> throw new IllegalArgumentException("operation: it has a path of its own");
      case RETRIEVAL -> throw unknown(kind);
      case SCHEMA -> throw new IllegalStateException("check() lets no schema through");
    };
  }

  @Override
  public boolean isPost(RequestKind kind) {
    return kind != RequestKind.HEALTH && kind != RequestKind.MODELS;
  }

  @Override
  public String encode(RequestKind kind, GenerationRequest request) {
    check(kind);
    if (!isPost(kind)) {
      throw new IllegalArgumentException(
          "kind: Expecting one with a body. Found: " + kind.id() + ".");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    if (request.model() != null) {
      body.put("model", request.model());
    }
    switch (kind) {
      case EMBEDDINGS -> body.put("input", prompt(request));
      case COMPLETION -> body.put("prompt", prompt(request));
      default -> body.set("messages", messages(request));
    }
    if (kind.isGeneration()) {
      sampling(body, request);
    }
    if (request.jsonSchema() != null) {
      body.set("response_format", responseFormat(request.jsonSchema()));
    }
    if (request.extraBody() != null) {
      MergePatch.apply(body, "extraBody", request.extraBody());
    }
    return body.toString();
  }

  @Override
  public ReplyReader reader(RequestKind kind, ReplyOptions options) {
    if (kind != RequestKind.OPERATION) {
      check(kind);
    }
    return kind.isGeneration() && options.stream()
        ? new StreamReplyReader(options)
        : new WholeReplyReader(kind, options);
  }

  private void check(RequestKind kind) {
    if (!kinds.contains(kind)) {
      throw unknown(kind);
    }
  }

  private IllegalArgumentException unknown(RequestKind kind) {
    String known = kinds.stream().map(RequestKind::id).collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "kind: Expecting one that the dialect %s knows: %s. Found: %s."
            .formatted(id, known, kind.id()));
  }

  private static void sampling(ObjectNode body, GenerationRequest request) {
    body.put("stream", request.stream());
    if (request.stream()) {
      body.putObject("stream_options").put("include_usage", true);
    }
    if (request.maxTokens() != null) {
      body.put("max_tokens", request.maxTokens());
    }
    if (request.minTokens() != null) {
      body.put("min_tokens", request.minTokens());
    }
    if (request.ignoreEos()) {
      body.put("ignore_eos", true);
    }
    if (request.temperature() != null) {
      body.put("temperature", request.temperature());
    }
    if (request.seed() != null) {
      body.put("seed", request.seed());
    }
    if (!request.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      request.stop().forEach(stop::add);
    }
  }

  /** OpenAI's structured outputs, in strict mode. */
  private static ObjectNode responseFormat(String jsonSchema) {
    ObjectNode format = Json.MAPPER.createObjectNode().put("type", "json_schema");
    format
        .putObject("json_schema")
        .put("name", "answer")
        .put("strict", true)
        .set("schema", MergePatch.object("jsonSchema", jsonSchema));
    return format;
  }

  /** The messages; a prompt alone is one message of the user. */
  static ArrayNode messages(GenerationRequest request) {
    ArrayNode messages = Json.MAPPER.createArrayNode();
    for (Message message : request.messages()) {
      messages.addObject().put("role", message.role()).put("content", message.content());
    }
    if (messages.isEmpty()) {
      messages.addObject().put("role", "user").put("content", prompt(request));
    }
    return messages;
  }

  /** The prompt; messages alone are joined, one a line, for APIs that know no roles. */
  static String prompt(GenerationRequest request) {
    String prompt = request.prompt();
    if (prompt != null) {
      return prompt;
    }
    if (request.messages().isEmpty()) {
      throw new IllegalArgumentException(
          "request: Expecting a prompt or messages. Found: neither.");
    }
    return request.messages().stream().map(Message::content).collect(Collectors.joining("\n"));
  }
}
