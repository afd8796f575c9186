package llmload.model;

/** How a request ended. The names stand in the journal and in the report's {@code byClass}. */
public enum Outcome {
  /** A complete answer. */
  OK,
  /** No connection in time, or refused. */
  CONNECT,
  /** The TLS handshake failed. */
  TLS,
  /** A status from 300 to 499 other than 429; redirects of a POST are not followed. */
  HTTP_4XX,
  /** Status 429, too many requests. */
  HTTP_429,
  /** A status of 500 or above. */
  HTTP_5XX,
  /** Status 200 with a body of a type that the dialect does not speak. */
  CONTENT_TYPE,
  /** No generated token within the first-token timeout. */
  FIRST_TOKEN_TIMEOUT,
  /** A gap between tokens longer than the idle timeout. */
  IDLE_TIMEOUT,
  /** The whole request took longer than the total timeout. */
  TOTAL_TIMEOUT,
  /** The connection closed inside the answer. */
  PREMATURE_CLOSE,
  /** The body ended cleanly but with neither a terminator nor a finish reason. */
  NO_TERMINATOR,
  /** The server reported an error inside a stream that had begun with status 200. */
  STREAM_ERROR,
  /** Bytes that are not what the protocol allows: broken JSON, an oversized event, bad gzip. */
  PROTOCOL,
  /** A complete answer without a single generated token. */
  EMPTY,
  /** The answer does not fit the JSON Schema that the request carried. */
  SCHEMA,
  /** A check of the scenario failed. */
  CHECK,
  /** Still in flight when the run ended. */
  INCOMPLETE,
  /** The load tester itself failed: the request could not be built, or a bug. */
  CLIENT;

  /** Whether the request counts as {@code ok}. */
  public boolean isOk() {
    return this == OK;
  }

  /** Whether the request counts as {@code failed}: neither OK nor still in flight at the end. */
  public boolean isFailed() {
    return this != OK && this != INCOMPLETE;
  }
}
