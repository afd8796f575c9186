package llmload.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import llmload.model.ChunkTimeline;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.ServerTimings;
import llmload.model.Stamps;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Builds request records for tests; times are given in milliseconds.
 *
 * <p>Starts as an OK streamed chat request sent at 0 without a single token.
 */
public final class RequestFixture {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Map<String, String> tags = new HashMap<>();
  private String name = "chat";
  private Phase phase = Phase.MEASURE;
  private @Nullable Long intendedNanos;
  private long sentNanos;
  private @Nullable Long connectedNanos;
  private @Nullable Long headersNanos;
  private @Nullable Long firstByteNanos;
  private @Nullable Long reasoningNanos;
  private @Nullable Long contentNanos;
  private @Nullable Long toolCallNanos;
  private @Nullable Long lastTokenNanos;
  private @Nullable Long terminatorNanos;
  private long endNanos;
  private ChunkTimeline chunks = ChunkTimeline.EMPTY;
  private @Nullable Integer status = 200;
  private Outcome outcome = Outcome.OK;
  private @Nullable String message;
  private @Nullable Integer inputTokens;
  private @Nullable Integer outputTokens;
  private ServerTimings timings = ServerTimings.NONE;
  private @Nullable Integer cachedTokens;
  private @Nullable Boolean schemaValid;
  private @Nullable String session;

  private RequestFixture() {}

  /** A chat request that ends {@code endMillis} after it was sent. */
  public static RequestFixture chat(double endMillis) {
    RequestFixture fixture = new RequestFixture();
    fixture.endNanos = nanos(endMillis);
    return fixture;
  }

  /**
   * A streamed chat request of chunks of one token each.
   *
   * @param gapMillis the gaps, the first since sent; it ends with the last chunk
   */
  public static RequestFixture stream(int... gapMillis) {
    int[] tokens = new int[gapMillis.length];
    Arrays.fill(tokens, 1);
    return stream(gapMillis, tokens);
  }

  /** A streamed chat request of chunks of that many tokens each; it ends with the last chunk. */
  public static RequestFixture stream(int[] gapMillis, int[] tokens) {
    int[] micros = new int[gapMillis.length];
    int total = 0;
    for (int i = 0; i < gapMillis.length; i++) {
      micros[i] = gapMillis[i] * 1_000;
      total += gapMillis[i];
    }
    RequestFixture fixture = chat(total);
    fixture.chunks = new ChunkTimeline(micros, tokens);
    fixture.contentNanos = nanos(gapMillis[0]);
    fixture.lastTokenNanos = nanos(total);
    fixture.terminatorNanos = nanos(total);
    return fixture;
  }

  /** The request's name. */
  public RequestFixture name(String value) {
    name = value;
    return this;
  }

  /** The request's kind. */
  public RequestFixture kind(RequestKind kind) {
    return tag(Tags.KIND, kind.id());
  }

  /** A request of the warm-up. */
  public RequestFixture warmup() {
    phase = Phase.WARMUP;
    return this;
  }

  /** When the plan wanted it sent. */
  public RequestFixture intended(double millis) {
    intendedNanos = nanos(millis);
    return this;
  }

  /** When it was sent. */
  public RequestFixture sent(double millis) {
    sentNanos = nanos(millis);
    return this;
  }

  /** The open connection, since sent. */
  public RequestFixture connected(double millis) {
    connectedNanos = nanos(millis);
    return this;
  }

  /** The body's first byte, since sent. */
  public RequestFixture firstByte(double millis) {
    firstByteNanos = nanos(millis);
    return this;
  }

  /** The headers, since sent. */
  public RequestFixture headers(double millis) {
    headersNanos = nanos(millis);
    return this;
  }

  /** The first piece of reasoning, since sent. */
  public RequestFixture reasoning(double millis) {
    reasoningNanos = nanos(millis);
    return this;
  }

  /** The first piece of content, since sent. */
  public RequestFixture content(double millis) {
    contentNanos = nanos(millis);
    return this;
  }

  /** The first piece of a tool call, since sent. */
  public RequestFixture toolCall(double millis) {
    toolCallNanos = nanos(millis);
    return this;
  }

  /** The last token, since sent. */
  public RequestFixture lastToken(double millis) {
    lastTokenNanos = nanos(millis);
    return this;
  }

  /** The end mark, since sent. */
  public RequestFixture terminator(double millis) {
    terminatorNanos = nanos(millis);
    return this;
  }

  /** The end, since sent. */
  public RequestFixture end(double millis) {
    endNanos = nanos(millis);
    return this;
  }

  /** How it ended otherwise than OK. */
  public RequestFixture outcome(
      Outcome value, @Nullable Integer httpStatus, @Nullable String text) {
    outcome = value;
    status = httpStatus;
    message = text;
    return this;
  }

  /** The server's usage. */
  public RequestFixture usage(@Nullable Integer input, @Nullable Integer output) {
    inputTokens = input;
    outputTokens = output;
    return this;
  }

  /** The prompt tokens that came from the server's cache. */
  public RequestFixture cached(int tokens) {
    cachedTokens = tokens;
    return this;
  }

  /** What the work took by the server's own word, in milliseconds. */
  public RequestFixture serverTook(double loadMillis, double prefillMillis, double decodeMillis) {
    timings = new ServerTimings(nanos(loadMillis), nanos(prefillMillis), nanos(decodeMillis));
    return this;
  }

  /** Whether the answer fits its schema. */
  public RequestFixture schemaValid(boolean valid) {
    schemaValid = valid;
    return this;
  }

  /** The session that the request is of. */
  public RequestFixture session(String value) {
    session = value;
    return this;
  }

  /** An answer in one piece. */
  public RequestFixture notStreamed() {
    return tag(Tags.STREAM, "false");
  }

  /** A tag. */
  public RequestFixture tag(String key, String value) {
    tags.put(key, value);
    return this;
  }

  /** The record. */
  public RequestRecord build() {
    return new RequestRecord(
        "id",
        "scenario",
        name,
        1,
        0,
        phase,
        intendedNanos,
        sentNanos,
        new Stamps(
            connectedNanos,
            headersNanos,
            firstByteNanos,
            firstByteNanos,
            null,
            reasoningNanos,
            contentNanos,
            toolCallNanos,
            lastTokenNanos,
            terminatorNanos,
            endNanos),
        chunks,
        status,
        outcome,
        message,
        null,
        new TokenUsage(
            inputTokens,
            outputTokens,
            cachedTokens,
            null,
            outputTokens == null ? null : TokenCountSource.USAGE),
        timings,
        schemaValid,
        0,
        "1.1",
        session,
        tags);
  }

  private static long nanos(double millis) {
    return Math.round(millis * NANOS_PER_MILLI);
  }
}
