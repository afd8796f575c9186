package llmload.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import llmload.model.RequestKind;
import org.jspecify.annotations.Nullable;

/**
 * The API of llm-server, twice: as its performance guide documents it ({@code llm-server-doc}) and
 * as its code has it ({@code llm-server-real}).
 *
 * <p>The document sends {@code model}, {@code prompt} and {@code schema} to {@code
 * /api/v1/structured}, {@code /unstructured} and {@code /conversation}. The code knows {@code
 * /completions}, {@code /structured-completions} and {@code /schemas}, and wants a {@code
 * provider}, which is {@value #PROVIDER} unless {@code extraBody} names another. It has no messages
 * either, so that a conversation's history goes into the prompt, one message a line with its role.
 * Neither streams.
 */
final class LlmServerDialect implements Dialect {
  private static final String PROVIDER = "groq";
  private static final WholeBody BODY = new LlmServerBody();

  private static final Map<RequestKind, String> DOCUMENTED =
      Map.of(
          RequestKind.CHAT, "/api/v1/unstructured",
          RequestKind.COMPLETION, "/api/v1/unstructured",
          RequestKind.STRUCTURED, "/api/v1/structured",
          RequestKind.CONVERSATION, "/api/v1/conversation",
          RequestKind.HEALTH, "/api/v1/health",
          RequestKind.MODELS, "/api/v1/models");

  private static final Map<RequestKind, String> REAL =
      Map.of(
          RequestKind.CHAT, "/api/v1/completions",
          RequestKind.COMPLETION, "/api/v1/completions",
          RequestKind.STRUCTURED, "/api/v1/structured-completions",
          RequestKind.CONVERSATION, "/api/v1/completions",
          RequestKind.HEALTH, "/api/v1/health",
          RequestKind.MODELS, "/api/v1/models",
          RequestKind.SCHEMA, "/api/v1/schemas");

  private final String id;
  private final Map<RequestKind, String> paths;
  private final boolean real;

  private LlmServerDialect(String id, Map<RequestKind, String> paths, boolean real) {
    this.id = id;
    this.paths = paths;
    this.real = real;
  }

  /** The document's. */
  static LlmServerDialect document() {
    return new LlmServerDialect("llm-server-doc", DOCUMENTED, false);
  }

  /** The code's. */
  static LlmServerDialect real() {
    return new LlmServerDialect("llm-server-real", REAL, true);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Set<RequestKind> kinds() {
    return Collections.unmodifiableSet(EnumSet.copyOf(paths.keySet()));
  }

  @Override
  public String path(RequestKind kind) {
    String path = paths.get(kind);
    if (path == null) {
      String known = kinds().stream().map(RequestKind::id).collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "kind: Expecting one that the dialect %s knows: %s. Found: %s."
              .formatted(id, known, kind.id()));
    }
    return path;
  }

  @Override
  public boolean isPost(RequestKind kind) {
    return kind != RequestKind.HEALTH && kind != RequestKind.MODELS;
  }

  @Override
  public boolean canStream() {
    return false;
  }

  @Override
  public String apiKeyHeader() {
    return "X-API-Key";
  }

  @Override
  public String countersPath() {
    return "/api/v1/metrics";
  }

  @Override
  public String encode(RequestKind kind, GenerationRequest request) {
    String unused = path(kind);
    if (!isPost(kind)) {
      throw new IllegalArgumentException(
          "kind: Expecting one with a body. Found: " + kind.id() + ".");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    if (kind == RequestKind.SCHEMA) {
      body.put("name", prompt(request));
      putSchema(body, "json_schema", request.jsonSchema());
    } else {
      generation(body, kind, request);
    }
    if (request.extraBody() != null) {
      MergePatch.apply(body, "extraBody", request.extraBody());
    }
    return body.toString();
  }

  private void generation(ObjectNode body, RequestKind kind, GenerationRequest request) {
    if (real) {
      body.put("provider", PROVIDER);
    }
    if (request.model() != null) {
      body.put("model", request.model());
    }
    if (kind == RequestKind.CONVERSATION && !real) {
      ArrayNode messages = body.putArray("messages");
      for (Message message : request.messages()) {
        messages.addObject().put("role", message.role()).put("content", message.content());
      }
    } else {
      body.put("prompt", prompt(request));
    }
    if (real && request.schemaId() != null) {
      body.put("schema_id", request.schemaId());
    } else {
      putSchema(body, real ? "validation_schema" : "schema", request.jsonSchema());
    }
    if (request.maxTokens() != null) {
      body.put("max_tokens", request.maxTokens());
    }
    if (request.temperature() != null) {
      body.put("temperature", request.temperature());
    }
    if (real && !request.stop().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      request.stop().forEach(stop::add);
    }
  }

  private static void putSchema(ObjectNode body, String key, @Nullable String schema) {
    if (schema != null) {
      body.set(key, MergePatch.object("jsonSchema", schema));
    }
  }

  /** The prompt; of messages a lone one as it is, and several with their roles. */
  private static String prompt(GenerationRequest request) {
    String prompt = request.prompt();
    if (prompt != null) {
      return prompt;
    }
    if (request.messages().isEmpty()) {
      throw new IllegalArgumentException(
          "request: Expecting a prompt or messages. Found: neither.");
    }
    if (request.messages().size() == 1) {
      return request.messages().get(0).content();
    }
    return request.messages().stream()
        .map(message -> message.role() + ": " + message.content())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public ReplyReader reader(RequestKind kind, ReplyOptions options) {
    String unused = path(kind);
    return new WholeReplyReader(BODY, kind, options);
  }
}
