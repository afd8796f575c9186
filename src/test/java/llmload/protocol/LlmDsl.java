package llmload.protocol;

import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import llmload.model.CoreMetric;
import llmload.model.Outcome;
import llmload.model.Tags;
import llmload.model.TokenCountSource;
import llmload.protocol.internal.SessionText;
import llmload.schema.JsonText;
import llmload.schema.SchemaProblem;
import llmload.schema.SchemaValidator;

/**
 * The way into the {@code llm} protocol; meant for a static import.
 *
 * <pre>{@code
 * LlmProtocolBuilder llm = llm(http.baseUrl(url)).dialect("openai-chat").model("m");
 * scenario("chat")
 *     .exec(llm("chat").user("#{prompt}").maxTokens(128)
 *         .check(timeToFirstToken().lte(Duration.ofMillis(200)), finishReason().in("stop", "length"))
 *         .saveReplyAs("reply"));
 * }</pre>
 */
public final class LlmDsl {
  private static final String SCHEMA_VALID = "valid";

  private LlmDsl() {}

  /**
   * An llm protocol over {@code http}, whose base URL, headers, TLS and proxy settings it keeps.
   */
  public static LlmProtocolBuilder llm(HttpProtocolBuilder http) {
    return LlmProtocolBuilder.over(http);
  }

  /** A request of that name, which is its scope in every report. */
  public static LlmRequestBuilder.Kind llm(String requestName) {
    return new LlmRequestBuilder.Kind(requestName);
  }

  /** Checks the time from sending to the first generated token, in any channel. */
  public static LlmChecks.OfDuration timeToFirstToken() {
    return new LlmChecks.OfDuration(
        "time_to_first_token_ms",
        "time to first token",
        record -> LlmChecks.millis(record.stamps().firstTokenNanos()));
  }

  /** Checks the answer's output tokens per second, from sending to the last token. */
  public static LlmChecks.OfNumber tokensPerSecond() {
    return new LlmChecks.OfNumber(
        "tokens_per_second",
        "tokens per second",
        record -> LlmChecks.sample(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER, record));
  }

  /** Checks the mean time between tokens: tpot, the first token left out. */
  public static LlmChecks.OfDuration interTokenLatency() {
    return new LlmChecks.OfDuration(
        "inter_token_latency_ms",
        "inter-token latency",
        record -> LlmChecks.sample(CoreMetric.TPOT, record));
  }

  /** Checks the time from sending to the last token, or to the end if not streamed. */
  public static LlmChecks.OfDuration endToEnd() {
    return new LlmChecks.OfDuration(
        "end_to_end_ms", "end to end", record -> LlmChecks.sample(CoreMetric.E2E, record));
  }

  /** Checks the number of output tokens. */
  public static LlmChecks.OfNumber outputTokens() {
    return new LlmChecks.OfNumber(
        "output_tokens",
        "output tokens",
        record -> {
          Integer tokens = record.usage().outputTokens();
          return tokens == null ? null : tokens.doubleValue();
        });
  }

  /** Checks why the server stopped. */
  public static LlmChecks.OfWord finishReason() {
    return new LlmChecks.OfWord("finish_reason", "finish reason", record -> record.finishReason());
  }

  /**
   * A step that begins a {@link Conversation}; both texts are in Gatling's expression language.
   *
   * @param idEl its name in the journal
   * @param systemEl the system's message; blank for none
   */
  public static Function<Session, Session> startConversation(String idEl, String systemEl) {
    Function<Session, String> id = SessionText.el(idEl);
    Function<Session, String> system = SessionText.el(systemEl);
    return session ->
        session.set(
            SessionKeys.CONVERSATION, Conversation.start(id.apply(session), system.apply(session)));
  }

  /** Checks that the answer did not end at its token limit (finish reason {@code length}). */
  public static LlmCheck notTruncated() {
    return new LlmCheck(
        "finish_reason",
        FailureTexts.TRUNCATED,
        false,
        view -> view.record().finishReason(),
        value -> !value.equals("length"));
  }

  /** Checks that the server itself said how many tokens it read and wrote. */
  public static LlmCheck usagePresent() {
    return new LlmCheck(
        "token_count_source",
        FailureTexts.USAGE_MISSING,
        false,
        view -> {
          TokenCountSource source = view.record().usage().source();
          return source == null ? null : source.id();
        },
        value ->
            value.equals(TokenCountSource.USAGE.id())
                || value.equals(TokenCountSource.CONTINUOUS_USAGE.id()));
  }

  /**
   * Notes the number at a JSON Pointer of the answer in the journal, tag {@code check.<name>};
   * {@code none} where there is none. Never fails.
   */
  public static LlmCheck noteNumber(String name, String pointer) {
    return new LlmCheck(
        name,
        FailureTexts.NOT_JSON,
        true,
        view -> {
          OptionalDouble number = JsonText.read(view.reply().text()).number(pointer);
          return number.isPresent() ? (Object) number.getAsDouble() : "none";
        },
        value -> true);
  }

  /** Checks that the answer is one JSON value and nothing else. */
  public static LlmCheck replyIsJson() {
    return new LlmCheck(
        "reply_is_json",
        FailureTexts.NOT_JSON,
        true,
        view -> JsonText.read(view.reply().text()).isJson(),
        Boolean.TRUE::equals);
  }

  /** Checks that a part of the answer matches a regular expression. */
  public static LlmCheck replyMatches(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return new LlmCheck(
        "reply_matches",
        "reply does not match " + regex,
        true,
        view -> pattern.matcher(view.reply().text()).find(),
        Boolean.TRUE::equals);
  }

  /**
   * Checks the length of an array in the answer; no array there fails.
   *
   * @param pointerEl a JSON Pointer such as {@code /users}, in Gatling's expression language
   */
  public static LlmChecks.OfArray arrayLength(String pointerEl) {
    return new LlmChecks.OfArray(pointerEl);
  }

  /**
   * Checks that the answer fits the JSON Schema that the request carried. A failure has the outcome
   * SCHEMA; the journal keeps the classes of its problems, and {@code schemaValid} either way.
   *
   * @param schemaEl the JSON Schema, in Gatling's expression language
   */
  public static LlmCheck replyMatchesSchema(String schemaEl) {
    SchemaValidator.warmUp();
    Function<Session, String> schema = SessionText.el(schemaEl);
    return new LlmCheck(
        "schema",
        FailureTexts.SCHEMA,
        true,
        view -> verdict(schema.apply(view.session()), view.reply().text()),
        SCHEMA_VALID::equals,
        Outcome.SCHEMA);
  }

  /** Checks that a search answered exactly so many hits. */
  public static LlmCheck hitCount(int count) {
    return new LlmCheck(
        "hits",
        "search did not answer " + count + " hits",
        true,
        view -> ids(view).size(),
        found -> found.equals(count));
  }

  /**
   * Measures the recall of a search, the share of its exact neighbours that are among its hits; any
   * recall passes.
   *
   * @param exactIds the ids of the exact neighbours, as many as hits are asked for
   */
  public static LlmCheck recallOf(Function<Session, List<String>> exactIds) {
    return new LlmCheck(
        Tags.RECALL.substring(Tags.CHECK_PREFIX.length()),
        "recall is not known",
        true,
        view -> {
          Set<String> exact = new HashSet<>(exactIds.apply(view.session()));
          int wanted = exact.size();
          exact.retainAll(new HashSet<>(ids(view)));
          return wanted == 0 ? null : (double) exact.size() / wanted;
        },
        found -> true);
  }

  /** The ids of a search's hits. */
  private static List<String> ids(ReplyView view) {
    return view.reply().text().lines().toList();
  }

  /** The same look as another check's, which is kept in the journal and never fails. */
  public static LlmCheck observed(LlmCheck check) {
    return new LlmCheck(
        check.id(),
        check.failureText(),
        check.needsText(),
        view -> {
          Object value = check.value().apply(view);
          return value == null ? "none" : value;
        },
        value -> true);
  }

  /** Keeps the beginning of the answer's text in the journal; never fails. */
  public static LlmCheck replyKept() {
    return new LlmCheck("reply", "reply", true, view -> view.reply().text(), value -> true);
  }

  /**
   * Keeps in the journal how long this machine takes to compile a JSON Schema and to validate the
   * answer against it, in microseconds; never fails. It happens after the answer's last stamp.
   *
   * @param schemaEl the JSON Schema, in Gatling's expression language
   */
  public static LlmCheck validationTime(String schemaEl) {
    Function<Session, String> schema = SessionText.el(schemaEl);
    return new LlmCheck(
        "validation_micros",
        "validation time",
        true,
        view -> {
          String json = schema.apply(view.session());
          long from = System.nanoTime();
          var unused = SchemaValidator.of(json).validate(view.reply().text());
          return (System.nanoTime() - from) / 1e3;
        },
        value -> true);
  }

  private static String verdict(String schema, String text) {
    List<SchemaProblem> problems = SchemaValidator.of(schema).validate(text);
    return problems.isEmpty()
        ? SCHEMA_VALID
        : problems.stream()
            .map(problem -> problem.kind().id())
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
  }
}
