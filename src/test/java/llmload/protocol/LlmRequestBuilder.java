package llmload.protocol;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import llmload.model.RequestKind;
import llmload.protocol.internal.LlmActionBuilder;
import llmload.protocol.internal.SessionText;
import llmload.wire.GenerationRequest;
import llmload.wire.Message;
import llmload.wire.SearchQuery;
import org.jspecify.annotations.Nullable;

/** One request to an LLM server. Immutable: each method returns a new builder. */
public final class LlmRequestBuilder implements ActionBuilder {
  private final RequestTemplate template;

  private LlmRequestBuilder(RequestTemplate template) {
    this.template = template;
  }

  /** The first step of a request: what it asks for. */
  public static final class Kind {
    private final String name;

    Kind(String name) {
      this.name = name;
    }

    /** A chat with one user message, in Gatling's expression language. */
    public LlmRequestBuilder user(String messageEl) {
      return user(SessionText.el(messageEl));
    }

    /** A chat with one user message. */
    public LlmRequestBuilder user(Function<Session, String> message) {
      return messages(session -> List.of(new Message("user", message.apply(session))));
    }

    /** A chat with any messages. */
    public LlmRequestBuilder messages(Function<Session, List<Message>> messages) {
      return of(
          RequestKind.CHAT,
          session -> GenerationRequest.builder().messages(messages.apply(session)));
    }

    /**
     * The next turn of the virtual user's {@link Conversation}: sends the whole history and this
     * message, in Gatling's expression language, and remembers the answer. A turn that fails leaves
     * the history as it was.
     */
    public LlmRequestBuilder turn(String messageEl) {
      return turn(SessionText.el(messageEl));
    }

    /** The next turn of the virtual user's {@link Conversation}. */
    public LlmRequestBuilder turn(Function<Session, String> message) {
      return new LlmRequestBuilder(
          RequestTemplate.of(
                  name,
                  RequestKind.CONVERSATION,
                  session ->
                      GenerationRequest.builder().messages(Conversation.of(session).messages()))
              .withBefore(
                  session ->
                      session.set(
                          SessionKeys.CONVERSATION,
                          Conversation.of(session).ask(message.apply(session))))
              .andAfter(
                  (session, reply) ->
                      session.set(
                          SessionKeys.CONVERSATION, Conversation.of(session).answer(reply))));
    }

    /** A plain completion of a prompt, in Gatling's expression language. */
    public LlmRequestBuilder prompt(String promptEl) {
      return prompt(SessionText.el(promptEl));
    }

    /** A plain completion of a prompt. */
    public LlmRequestBuilder prompt(Function<Session, String> prompt) {
      return of(
          RequestKind.COMPLETION,
          session -> GenerationRequest.builder().prompt(prompt.apply(session)));
    }

    /** A request of the server's health. */
    public LlmRequestBuilder health() {
      return of(RequestKind.HEALTH, session -> GenerationRequest.builder());
    }

    /** A search for the neighbours of a vector; only the dialects of vector search know it. */
    public LlmRequestBuilder search(Function<Session, SearchQuery> query) {
      return of(
          RequestKind.RETRIEVAL,
          session -> GenerationRequest.builder().search(query.apply(session)));
    }

    /** A request of the server's list of models. */
    public LlmRequestBuilder models() {
      return of(RequestKind.MODELS, session -> GenerationRequest.builder());
    }

    /**
     * An operation of the server beside generating, without a body.
     *
     * @param method the HTTP method
     * @param path path and query, from the server's root
     */
    public LlmRequestBuilder operation(String method, Function<Session, String> path) {
      return operation(new RequestTemplate.Operation(method, path, null));
    }

    /** An operation of the server beside generating, with a JSON body. */
    public LlmRequestBuilder operation(
        String method, Function<Session, String> path, Function<Session, String> body) {
      return operation(new RequestTemplate.Operation(method, path, body));
    }

    private LlmRequestBuilder operation(RequestTemplate.Operation operation) {
      return new LlmRequestBuilder(
          RequestTemplate.of(name, RequestKind.OPERATION, session -> GenerationRequest.builder())
              .withOperation(operation));
    }

    /**
     * Registers a JSON Schema, where the dialect has such a thing; the answer's text is its id.
     *
     * @param schemaName what it is called
     * @param schema the JSON Schema
     */
    public LlmRequestBuilder schema(
        Function<Session, String> schemaName, Function<Session, String> schema) {
      return of(
          RequestKind.SCHEMA,
          session ->
              GenerationRequest.builder()
                  .prompt(schemaName.apply(session))
                  .jsonSchema(schema.apply(session)));
    }

    private LlmRequestBuilder of(
        RequestKind kind, Function<Session, GenerationRequest.Builder> generation) {
      return new LlmRequestBuilder(RequestTemplate.of(name, kind, generation));
    }
  }

  /** Puts a system message, in Gatling's expression language, before the others. */
  public LlmRequestBuilder system(String messageEl) {
    Function<Session, String> text = SessionText.el(messageEl);
    return generation(
        (session, request) -> {
          List<Message> messages = new ArrayList<>();
          messages.add(new Message("system", text.apply(session)));
          messages.addAll(request.build().messages());
          return request.messages(messages);
        });
  }

  /**
   * Asks for an answer that fits a JSON Schema, in Gatling's expression language, as the dialect
   * says it; {@link LlmDsl#replyMatchesSchema} checks that it does.
   */
  public LlmRequestBuilder jsonSchema(String schemaEl) {
    return jsonSchema(SessionText.el(schemaEl));
  }

  /** Asks for an answer that fits a JSON Schema. */
  public LlmRequestBuilder jsonSchema(Function<Session, String> schema) {
    RequestTemplate.Change change = (session, request) -> request.jsonSchema(schema.apply(session));
    return new LlmRequestBuilder(template.withKind(RequestKind.STRUCTURED).then(change));
  }

  /**
   * Names the schema by the id that {@link Kind#schema} got for it, where the dialect knows ids; a
   * {@code null} sends the schema itself.
   */
  public LlmRequestBuilder schemaId(Function<Session, @Nullable String> id) {
    return generation((session, request) -> request.schemaId(id.apply(session)));
  }

  /** The model's name; {@code null} for the protocol's. */
  public LlmRequestBuilder model(Function<Session, @Nullable String> name) {
    return generation((session, request) -> request.model(name.apply(session)));
  }

  /** The most tokens the server may generate. */
  public LlmRequestBuilder maxTokens(int tokens) {
    return generation((session, request) -> request.maxTokens(tokens));
  }

  /** The most tokens the server may generate, by session. */
  public LlmRequestBuilder maxTokens(Function<Session, Integer> tokens) {
    return generation((session, request) -> request.maxTokens(tokens.apply(session)));
  }

  /** The fewest tokens the server shall generate; not every server knows it. */
  public LlmRequestBuilder minTokens(int tokens) {
    return generation((session, request) -> request.minTokens(tokens));
  }

  /** Asks the server to go on past its end token; not every server knows it. */
  public LlmRequestBuilder ignoreEos() {
    return generation((session, request) -> request.ignoreEos(true));
  }

  /** The sampling temperature. */
  public LlmRequestBuilder temperature(double temperature) {
    return generation((session, request) -> request.temperature(temperature));
  }

  /** The seed of the server's sampling. */
  public LlmRequestBuilder seed(long seed) {
    return generation((session, request) -> request.seed(seed));
  }

  /** Words at which the server shall stop. */
  public LlmRequestBuilder stop(String... words) {
    return generation((session, request) -> request.stop(List.of(words)));
  }

  /** A JSON object that is merged over the request's body. */
  public LlmRequestBuilder extraBody(String json) {
    return generation((session, request) -> request.extraBody(json));
  }

  /** A JSON object that is merged over the request's body, by session. */
  public LlmRequestBuilder extraBody(Function<Session, String> json) {
    return generation((session, request) -> request.extraBody(json.apply(session)));
  }

  /** Whether the answer is streamed, whatever the protocol's default. */
  public LlmRequestBuilder stream(boolean stream) {
    return new LlmRequestBuilder(template.withStream(stream));
  }

  /** Changes the HTTP request: headers, signatures and all else that Gatling's DSL offers. */
  public LlmRequestBuilder http(UnaryOperator<HttpRequestActionBuilder> change) {
    return new LlmRequestBuilder(
        template.withHttp(builder -> change.apply(template.http().apply(builder))));
  }

  /** Adds checks of the complete answer; the first that fails makes the request KO. */
  public LlmRequestBuilder check(LlmCheck... checks) {
    List<LlmCheck> all = new ArrayList<>(template.checks());
    all.addAll(List.of(checks));
    return new LlmRequestBuilder(template.withChecks(all));
  }

  /** Saves the answer's text as a session attribute; a failed request saves nothing. */
  public LlmRequestBuilder saveReplyAs(String attribute) {
    return new LlmRequestBuilder(
        template.andAfter((session, reply) -> session.set(attribute, reply)));
  }

  /** Gives the request's record a word under {@code key}, in Gatling's expression language. */
  public LlmRequestBuilder tag(String key, String valueEl) {
    return tag(key, SessionText.el(valueEl));
  }

  /** Gives the request's record a word under {@code key}. */
  public LlmRequestBuilder tag(String key, Function<Session, String> value) {
    return new LlmRequestBuilder(template.withTag(key, value));
  }

  private LlmRequestBuilder generation(RequestTemplate.Change change) {
    return new LlmRequestBuilder(template.then(change));
  }

  /** For Gatling's own use. */
  @Override
  public LlmActionBuilder asScala() {
    return new LlmActionBuilder(template);
  }
}
