package llmload.server;

import org.jspecify.annotations.Nullable;

/** A request that is refused, in the terms of an OpenAI error body. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;

  ApiException(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /** A request body that breaks a rule: {@code <param>: Expecting <rule>. Found: <value>.} */
  static ApiException invalid(String param, String rule, String found) {
    return new ApiException(
        400,
        "invalid_request_error",
        param,
        "invalid_value",
        param + ": Expecting " + rule + ". Found: " + found + ".");
  }

  /** A field that this server knows but cannot honour. */
  static ApiException unsupported(String param, String remedy) {
    return new ApiException(
        400,
        "invalid_request_error",
        param,
        "unsupported_parameter",
        param + ": Expecting no such field on this server. Found: one. " + remedy);
  }

  /** Embeddings, which no model here has. */
  static ApiException noEmbeddings(String model) {
    return new ApiException(
        501,
        "not_supported_error",
        null,
        "not_supported",
        "The model " + model + " has no embeddings; it generates text only.");
  }

  /** A body that is not a JSON object. */
  static ApiException notJson(String found) {
    return new ApiException(
        400,
        "invalid_request_error",
        null,
        "invalid_json",
        "body: Expecting a JSON object. Found: " + found + ".");
  }

  /** A prompt that leaves no room for an answer. */
  static ApiException contextExceeded(String param, int foundTokenCount, int contextTokenCount) {
    return new ApiException(
        400,
        "invalid_request_error",
        param,
        "context_length_exceeded",
        "%s: Expecting fewer than %d tokens, the context. Found: %d tokens. Shorten the prompt."
            .formatted(param, contextTokenCount, foundTokenCount));
  }

  /** A model that is not served. */
  static ApiException modelNotFound(String found, String served) {
    return new ApiException(
        404,
        "invalid_request_error",
        "model",
        "model_not_found",
        "model: Expecting " + served + ". Found: " + found + ".");
  }

  /** A path that does not exist. */
  static ApiException noRoute(String path) {
    return new ApiException(
        404,
        "invalid_request_error",
        null,
        "not_found",
        "path: Expecting a route of this server. Found: " + path + ".");
  }

  /** A path that is not for this method. */
  static ApiException wrongMethod(String method, String allowed) {
    return new ApiException(
        405,
        "invalid_request_error",
        null,
        "method_not_allowed",
        "method: Expecting " + allowed + ". Found: " + method + ".");
  }

  /** A body over the limit. */
  static ApiException tooLarge(int maxBodyBytes) {
    return new ApiException(
        413,
        "invalid_request_error",
        null,
        "request_too_large",
        "body: Expecting " + maxBodyBytes + " bytes or fewer. Found: more.");
  }

  /** As many requests waiting as may wait. */
  static ApiException queueFull(int queueLimitCount) {
    return new ApiException(
        429,
        "rate_limit_error",
        null,
        "queue_full",
        "queue: Expecting at most %d waiting requests. Found: one more. Try again in a second."
            .formatted(queueLimitCount));
  }

  /** A fault of the engine. */
  static ApiException engineFault(String message) {
    return new ApiException(500, "server_error", null, "engine_fault", message);
  }

  /** A server that is ending. */
  static ApiException closing() {
    return new ApiException(
        503, "server_error", null, "shutting_down", "server: Expecting it open. Found: closing.");
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  @Nullable String param() {
    return param;
  }

  @Nullable String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
