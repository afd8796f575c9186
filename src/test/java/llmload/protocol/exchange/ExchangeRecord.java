package llmload.protocol.exchange;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import llmload.model.ChunkTimeline;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.Tags;
import llmload.model.TokenUsage;
import llmload.protocol.FailureTexts;
import llmload.protocol.LlmCheck;
import llmload.protocol.ReplyView;
import llmload.wire.Reply;
import org.jspecify.annotations.Nullable;

/** The record of one request in the making. Used by one thread; the identity may be read by any. */
public final class ExchangeRecord {
  private static final int MAX_MESSAGE_CHARS = 500;
  private static final int MAX_TAG_CHARS = 64;
  private static final double MAX_LENGTH_ERROR = 0.1;

  private final Identity identity;
  private volatile long sentAt;
  private @Nullable Long connectedAt;
  private @Nullable Long headersAt;
  private @Nullable Integer status;
  private @Nullable String retryAfter;
  private @Nullable String wrongContentType;
  private @Nullable String httpVersion;
  private long errorBytes;

  /**
   * What is known of a request before it is sent.
   *
   * @param id unique in the run
   * @param scenario the Gatling scenario
   * @param name the request's name
   * @param user the virtual user
   * @param phase warm-up or measured
   * @param kind what it asks for
   * @param stream whether the answer is streamed
   * @param intendedAtNanos the {@code System.nanoTime()} at which the plan wants it sent
   * @param turn the turn of a conversation, from 0
   * @param session the conversation
   * @param tags further words of the scenario's
   */
  public record Identity(
      String id,
      String scenario,
      String name,
      int user,
      Phase phase,
      RequestKind kind,
      boolean stream,
      long intendedAtNanos,
      int turn,
      @Nullable String session,
      Map<String, String> tags) {

    /** One that is no turn of a conversation and has no words of its own. */
    public Identity(
        String id,
        String scenario,
        String name,
        int user,
        Phase phase,
        RequestKind kind,
        boolean stream,
        long intendedAtNanos) {
      this(id, scenario, name, user, phase, kind, stream, intendedAtNanos, 0, null, Map.of());
    }
  }

  /**
   * How an exchange ended.
   *
   * @param atNanos the {@code System.nanoTime()} of the end
   * @param outcome the class where the connection or a timeout decides it
   * @param message the message that goes with it
   * @param reading whether the response was an answer, not an error
   * @param reply the answer as far as it came
   * @param errorMessage what an error's body said
   */
  public record Ending(
      long atNanos,
      @Nullable Outcome outcome,
      @Nullable String message,
      boolean reading,
      Reply reply,
      @Nullable String errorMessage) {}

  /** A record of that request. */
  public ExchangeRecord(Identity identity) {
    this.identity = identity;
    this.sentAt = identity.intendedAtNanos();
  }

  /** The sending began. */
  public void sent(long atNanos) {
    sentAt = atNanos;
  }

  /** When the sending began. */
  public long sentAtNanos() {
    return sentAt;
  }

  /** The request's bytes go out on an open connection. */
  public void connected(long atNanos, String version) {
    connectedAt = atNanos;
    httpVersion = version;
  }

  /** Whether a connection came. */
  public boolean isConnected() {
    return connectedAt != null;
  }

  /** The response's head came. */
  public void answered(long atNanos, int statusCode, @Nullable String retryAfterHeader) {
    headersAt = atNanos;
    status = statusCode;
    retryAfter = retryAfterHeader;
  }

  /** Whether the response's head came. */
  public boolean isAnswered() {
    return headersAt != null;
  }

  /** The answer is of a type that the dialect does not speak. */
  public void wrongContentType(@Nullable String contentType) {
    wrongContentType = contentType == null ? "none" : contentType;
  }

  /** Bytes of an error's body came. */
  public void receivedErrorBytes(int bytes) {
    errorBytes += bytes;
  }

  /** Warm-up or measured. */
  public Phase phase() {
    return identity.phase();
  }

  /** The finished record. */
  public RequestRecord finish(Ending end, long anchorNanos, UnaryOperator<String> redactor) {
    Reply reply = end.reply();
    Outcome outcome = outcome(end);
    String message = message(end, outcome);
    Long terminated = reply.terminatorAtNanos();
    long endAt = terminated != null && outcome != Outcome.INCOMPLETE ? terminated : end.atNanos();
    return new RequestRecord(
        identity.id(),
        identity.scenario(),
        identity.name(),
        identity.user(),
        identity.turn(),
        identity.phase(),
        identity.intendedAtNanos() - anchorNanos,
        sentAt - anchorNanos,
        stamps(reply, endAt),
        identity.stream() ? reply.chunks(sentAt) : ChunkTimeline.EMPTY,
        status,
        outcome,
        keptIfAny(message, MAX_MESSAGE_CHARS, redactor),
        keptIfAny(reply.finishReason(), MAX_TAG_CHARS, redactor),
        reply.usage(),
        reply.timings(),
        null,
        reply.bytesReceived() + errorBytes,
        httpVersion,
        identity.session(),
        tags(reply, redactor));
  }

  private static @Nullable String keptIfAny(
      @Nullable String text, int maxChars, UnaryOperator<String> redactor) {
    return text == null ? null : kept(text, maxChars, redactor);
  }

  /** A server's text as it may be kept: without secrets first, and cut only then. */
  private static String kept(String text, int maxChars, UnaryOperator<String> redactor) {
    String redacted = redactor.apply(text);
    if (redacted.length() <= maxChars) {
      return redacted;
    }
    boolean splits = Character.isHighSurrogate(redacted.charAt(maxChars - 1));
    return redacted.substring(0, splits ? maxChars - 1 : maxChars);
  }

  private Outcome outcome(Ending end) {
    if (end.outcome() == Outcome.INCOMPLETE) {
      return Outcome.INCOMPLETE;
    }
    if (status != null && status / 100 != 2) {
      return ofStatus(status);
    }
    if (wrongContentType != null) {
      return Outcome.CONTENT_TYPE;
    }
    boolean answerDecides = end.outcome() == null || end.outcome() == Outcome.PREMATURE_CLOSE;
    if (end.reading() && answerDecides) {
      return end.reply().outcome();
    }
    return end.outcome() == null ? Outcome.PREMATURE_CLOSE : end.outcome();
  }

  private static Outcome ofStatus(int status) {
    if (status == 429) {
      return Outcome.HTTP_429;
    }
    return status >= 500 ? Outcome.HTTP_5XX : Outcome.HTTP_4XX;
  }

  private @Nullable String message(Ending end, Outcome outcome) {
    return switch (outcome) {
      case OK -> null;
      case HTTP_4XX, HTTP_429, HTTP_5XX ->
          end.errorMessage() == null
              ? "HTTP " + status
              : "HTTP " + status + ": " + end.errorMessage();
      case CONTENT_TYPE ->
          "Content-Type "
              + wrongContentType
              + (end.errorMessage() == null ? "" : ": " + end.errorMessage());
      default ->
          end.message() != null && outcome == end.outcome() ? end.message() : end.reply().message();
    };
  }

  private Stamps stamps(Reply reply, long endAt) {
    return new Stamps(
        sinceSent(connectedAt),
        sinceSent(headersAt),
        sinceSent(reply.firstByteAtNanos()),
        sinceSent(identity.stream() ? reply.firstEventAtNanos() : null),
        sinceSent(identity.stream() ? reply.roleAtNanos() : null),
        sinceSent(identity.stream() ? reply.firstReasoningAtNanos() : null),
        sinceSent(identity.stream() ? reply.firstContentAtNanos() : null),
        sinceSent(identity.stream() ? reply.firstToolCallAtNanos() : null),
        sinceSent(identity.stream() ? reply.lastTokenAtNanos() : null),
        sinceSent(reply.terminatorAtNanos()),
        endAt - sentAt);
  }

  private @Nullable Long sinceSent(@Nullable Long atNanos) {
    return atNanos == null ? null : atNanos - sentAt;
  }

  private Map<String, String> tags(Reply reply, UnaryOperator<String> redactor) {
    Map<String, String> tags = ownTags();
    if (!identity.stream() && identity.kind().isGeneration()) {
      tags.put(Tags.STREAM, "false");
    }
    TreeSet<String> ids = new TreeSet<>();
    reply.flags().stream().map(Flag::id).forEach(ids::add);
    if (isOffLength(reply.usage().inputTokens())) {
      ids.add(Flag.PROMPT_LENGTH.id());
    }
    if (!ids.isEmpty()) {
      tags.put(Tags.FLAGS, String.join(",", ids));
    }
    String wait = keptIfAny(retryAfter, MAX_TAG_CHARS, redactor);
    if (wait != null) {
      tags.put(Tags.RETRY_AFTER, wait);
    }
    return tags;
  }

  private Map<String, String> ownTags() {
    Map<String, String> tags = new HashMap<>(identity.tags());
    tags.put(Tags.KIND, identity.kind().id());
    return tags;
  }

  /** More than 10 % off, the tolerance of SAGE's benchmark for the lengths of its prompts. */
  private boolean isOffLength(@Nullable Integer inputTokens) {
    String wanted = identity.tags().get(Tags.WANTED_INPUT_TOKENS);
    if (wanted == null || inputTokens == null || !wanted.matches("[0-9]{1,9}")) {
      return false;
    }
    int length = Integer.parseInt(wanted);
    return Math.abs(inputTokens - length) > MAX_LENGTH_ERROR * length;
  }

  /** The least that can be said of it; any thread. */
  public RequestRecord incomplete(long nowNanos, long anchorNanos) {
    return new RequestRecord(
        identity.id(),
        identity.scenario(),
        identity.name(),
        identity.user(),
        identity.turn(),
        identity.phase(),
        identity.intendedAtNanos() - anchorNanos,
        sentAt - anchorNanos,
        Stamps.endedAt(nowNanos - sentAt),
        ChunkTimeline.EMPTY,
        null,
        Outcome.INCOMPLETE,
        FailureTexts.INCOMPLETE,
        null,
        TokenUsage.NONE,
        null,
        0,
        null,
        identity.session(),
        ownTags());
  }

  /**
   * The record after the checks: OK and with their values, or with the outcome and text of the
   * first that failed.
   */
  public static RequestRecord checked(
      ReplyView view, List<LlmCheck> checks, UnaryOperator<String> redactor) {
    RequestRecord record = view.record();
    if (!record.outcome().isOk() || checks.isEmpty()) {
      return record;
    }
    Map<String, String> tags = new HashMap<>(record.tags());
    String failure = null;
    Outcome outcome = record.outcome();
    Boolean schemaValid = record.schemaValid();
    for (LlmCheck check : checks) {
      Object value;
      try {
        value = check.value().apply(view);
      } catch (RuntimeException e) { // an attribute that is missing, a schema that is none
        tags.put(
            Tags.CHECK_PREFIX + check.id(),
            kept("not evaluated: " + e.getMessage(), MAX_MESSAGE_CHARS, redactor));
        failure = FailureTexts.CHECK_FAULT;
        outcome = Outcome.CLIENT;
        break;
      }
      tags.put(
          Tags.CHECK_PREFIX + check.id(), kept(String.valueOf(value), MAX_MESSAGE_CHARS, redactor));
      boolean met = value != null && check.condition().test(value);
      if (check.isOfSchema()) {
        schemaValid = met && !Boolean.FALSE.equals(schemaValid);
      }
      if (failure == null && !met) {
        failure = check.failureText();
        outcome = check.failure();
      }
    }
    return new RequestRecord(
        record.id(),
        record.scenario(),
        record.request(),
        record.user(),
        record.turn(),
        record.phase(),
        record.intendedNanos(),
        record.sentNanos(),
        record.stamps(),
        record.chunks(),
        record.status(),
        outcome,
        failure,
        record.finishReason(),
        record.usage(),
        record.timings(),
        schemaValid,
        record.bytesReceived(),
        record.httpVersion(),
        record.session(),
        tags);
  }

  /** A text for Gatling's report, which groups by text: nothing in it differs by request. */
  public static String constantText(RequestRecord record) {
    return switch (record.outcome()) {
      case HTTP_4XX, HTTP_429, HTTP_5XX -> "HTTP " + record.status();
      case CHECK, SCHEMA -> String.valueOf(record.message());
      case CONNECT -> FailureTexts.CONNECT;
      case TLS -> FailureTexts.TLS;
      case FIRST_TOKEN_TIMEOUT -> FailureTexts.FIRST_TOKEN_TIMEOUT;
      case IDLE_TIMEOUT -> FailureTexts.IDLE_TIMEOUT;
      case TOTAL_TIMEOUT -> FailureTexts.TOTAL_TIMEOUT;
      case PREMATURE_CLOSE -> FailureTexts.CUT;
      case INCOMPLETE -> FailureTexts.INCOMPLETE;
      default -> record.outcome().name();
    };
  }
}
