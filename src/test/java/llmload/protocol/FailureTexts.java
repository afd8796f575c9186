package llmload.protocol;

/**
 * The texts of failed requests. Constant, because Gatling groups errors by text; what differs from
 * one failure to the next goes to the journal.
 */
public final class FailureTexts {
  /** The four timeouts. */
  public static final String CONNECT_TIMEOUT = "No connection within timeout.connect";

  /** No token came in time. */
  public static final String FIRST_TOKEN_TIMEOUT = "No token within timeout.firstToken";

  /** The stream stalled. */
  public static final String IDLE_TIMEOUT = "No further token within timeout.idle";

  /** The answer took too long. */
  public static final String TOTAL_TIMEOUT = "No end of the answer within timeout.total";

  /** No connection could be opened. */
  public static final String CONNECT = "Connection failed";

  /** The TLS handshake failed. */
  public static final String TLS =
      "TLS failed (a private certificate needs a trust store, or llm.tls.verify=false)";

  /** The connection closed inside the answer. */
  public static final String CUT = "Connection closed inside the answer";

  /** The connection closed before the answer; the request is not sent again. */
  public static final String CLOSED_BEFORE_ANSWER =
      "Connection closed before the answer (requests are never sent twice)";

  /** Bytes that break HTTP or its compression. */
  public static final String BAD_BYTES = "Response that is not HTTP";

  /** Still in flight at the end of the run. */
  public static final String INCOMPLETE = "Still in flight when the run ended";

  /** The request could not be built. */
  public static final String NOT_BUILT = "Request could not be built";

  /** A check that lacks what it compares with. */
  public static final String CHECK_FAULT = "Check could not be evaluated";

  /** The answer is no JSON. */
  public static final String NOT_JSON = "reply is not JSON";

  /** The answer does not fit its JSON Schema. */
  public static final String SCHEMA = "reply does not match its schema";

  /** The answer was cut at its token limit. */
  public static final String TRUNCATED = "reply truncated at its token limit";

  /** The server did not say how many tokens there were. */
  public static final String USAGE_MISSING = "usage missing";

  /** A fault of the load tester. */
  public static final String BUG = "Unexpected fault in llmload";

  private FailureTexts() {}
}
