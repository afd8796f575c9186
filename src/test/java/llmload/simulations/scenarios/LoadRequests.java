package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static llmload.protocol.LlmDsl.llm;
import static llmload.protocol.LlmDsl.replyKept;
import static llmload.protocol.LlmDsl.replyMatchesSchema;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Choice;
import io.gatling.javaapi.core.Session;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import llmload.feeders.Conversations;
import llmload.feeders.Nonce;
import llmload.feeders.PromptFile;
import llmload.feeders.Prompts;
import llmload.feeders.SchemaFeeder;
import llmload.feeders.SyntheticText;
import llmload.model.Phase;
import llmload.model.RequestKind;
import llmload.model.Tags;
import llmload.protocol.Conversation;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.run.LoadSettings;
import llmload.run.RequestSettings;
import llmload.schema.SchemaShape;
import llmload.schema.Schemas;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/** The chains that send one request each, fed with what it needs, as the settings say. */
public final class LoadRequests {
  private static final int ITEM_COUNT = 5;

  private static final String WANTED = "llmload.wantedTokens";
  private static final String FRESH = "llmload.freshConversation";
  private static final String BEGUN_IN = "llmload.conversationPhase";

  private final LoadSettings load;
  private final RequestSettings request;
  private final Path root;
  private final String runId;
  private final @Nullable TokenCounter tokens;
  private final Nonce nonce;
  private @Nullable Iterator<Map<String, Object>> prompts;

  /**
   * Chains of a run.
   *
   * @param root the project's folder
   * @param runId tells this run's nonces from any other's
   * @param tokens the model's tokenizer, for prompts of a wanted length
   */
  public LoadRequests(
      LoadSettings load,
      RequestSettings request,
      Path root,
      String runId,
      @Nullable TokenCounter tokens) {
    this.load = load;
    this.request = request;
    this.root = root;
    this.runId = runId;
    this.tokens = tokens;
    this.nonce = new Nonce(load.seed(), runId);
  }

  /** One request of the kind that the settings name, named after it. */
  public ChainBuilder ofSettings() {
    RequestKind kind = load.kind();
    String name = kind.id();
    return switch (kind) {
      case HEALTH -> health(name);
      case MODELS -> models(name);
      case STRUCTURED -> structured(name, List.of(SchemaShape.values()));
      case CONVERSATION -> conversation(name);
      case COMPLETION ->
          prompted(texts -> sampled(llm(name).prompt(texts.prompt()), texts.length()));
      default -> chat(name);
    };
  }

  /** A look at the server's health. */
  public ChainBuilder health(String name) {
    return exec(llm(name).health());
  }

  /** A look at its list of models. */
  public ChainBuilder models(String name) {
    return exec(llm(name).models());
  }

  /** A chat of one message, streamed where the settings say so. */
  public ChainBuilder chat(String name) {
    return prompted(texts -> sampled(llm(name).user(texts.prompt()), texts.length()));
  }

  /** The same, changed before it is sent: tags, checks. */
  public ChainBuilder chat(String name, UnaryOperator<LlmRequestBuilder> change) {
    return prompted(texts -> change.apply(sampled(llm(name).user(texts.prompt()), texts.length())));
  }

  /** A chat of exactly that message, changed at last. */
  public ChainBuilder chat(
      String name, Function<Session, String> prompt, UnaryOperator<LlmRequestBuilder> change) {
    return exec(change.apply(sampled(llm(name).user(prompt), null)));
  }

  /** A turn of exactly that message in the user's conversation, changed at last. */
  public ChainBuilder turn(
      String name, Function<Session, String> message, UnaryOperator<LlmRequestBuilder> change) {
    return exec(change.apply(sampled(llm(name).turn(message), null)));
  }

  /** A chat of one message whose answer comes in one piece. */
  public ChainBuilder wholeChat(String name) {
    return prompted(texts -> sampled(llm(name).user(texts.prompt()), texts.length()).stream(false));
  }

  /** A chat whose answer must fit a fresh JSON Schema, the shapes in turn. */
  public ChainBuilder structured(String name, List<SchemaShape> shapes) {
    return feed(schemas(shapes)).exec(structuredRequest(name));
  }

  /** The same, each shape as a request of its own: {@code structured_nested} and so on. */
  public ChainBuilder structuredByShape(String name) {
    List<Choice.WithKey> cases =
        Arrays.stream(SchemaShape.values())
            .map(shape -> onCase(shape.id()).then(exec(structuredRequest(name + "_" + shape.id()))))
            .toList();
    return feed(schemas(List.of(SchemaShape.values()))).exec(doSwitch("#{schemaShape}").on(cases));
  }

  private SchemaFeeder schemas(List<SchemaShape> shapes) {
    return new SchemaFeeder(new Schemas(load.seed(), runId, ITEM_COUNT), shapes);
  }

  private LlmRequestBuilder structuredRequest(String name) {
    return withOptions(
            llm(name)
                .user(session -> tagged(session.getString("prompt")))
                .jsonSchema("#{schema}")
                .maxTokens(request.structuredMaxTokens()))
        .tag("schemaShape", "#{schemaShape}")
        .check(replyMatchesSchema("#{schema}"));
  }

  /**
   * The next turn of the user's conversation; a new one begins where that was the last, or where
   * the turn before failed.
   */
  public ChainBuilder conversation(String name) {
    return conversation(name, UnaryOperator.identity());
  }

  /** The same, each turn changed at last. */
  public ChainBuilder conversation(String name, UnaryOperator<LlmRequestBuilder> change) {
    Iterator<Map<String, Object>> scripts =
        Conversations.jsonl(Conversations.resolve(root, request.conversations())).circular();
    ChainBuilder begin =
        feed(scripts)
            .exec(
                session ->
                    session
                        .markAsSucceeded()
                        .set(BEGUN_IN, phase(session))
                        .set(
                            SessionKeys.CONVERSATION,
                            Conversation.start(
                                session.getString("conversation"),
                                tagged(session.getString("system")))));
    return exec(session -> session.set(FRESH, isOver(session) || isOfWarmUp(session)))
        .doIf(session -> session.getBoolean(FRESH))
        .then(begin)
        .exec(change.apply(sampled(llm(name).turn(LoadRequests::nextTurn), null)));
  }

  /**
   * The next turn of the conversation in the session, in one piece; the journal keeps what was said
   * and the beginning of what was answered.
   *
   * @param lineEl what the user says, in Gatling's expression language
   */
  public ChainBuilder turn(String name, String lineEl) {
    return exec(
        sampled(llm(name).turn(lineEl), null).stream(false).tag("line", lineEl).check(replyKept()));
  }

  /** What is measured begins with a first turn, however far the warm-up got. */
  private static boolean isOfWarmUp(Session session) {
    return session.contains(BEGUN_IN) && !phase(session).equals(session.getString(BEGUN_IN));
  }

  private static String phase(Session session) {
    return session.contains(SessionKeys.PHASE)
        ? String.valueOf(session.getString(SessionKeys.PHASE))
        : Phase.MEASURE.id();
  }

  private static boolean isOver(Session session) {
    return session.isFailed()
        || !session.contains(SessionKeys.CONVERSATION)
        || Conversation.of(session).askedCount() >= session.getList("turns").size();
  }

  private static String nextTurn(Session session) {
    return String.valueOf(session.getList("turns").get(Conversation.of(session).askedCount()));
  }

  /** Where a request's prompt and its answer's length come from. */
  private record Texts(
      Function<Session, String> prompt, @Nullable Function<Session, Integer> length) {}

  private ChainBuilder prompted(Function<Texts, LlmRequestBuilder> builder) {
    Function<Session, Integer> outputs = null;
    ChainBuilder chain = exec(session -> session);
    if (request.outputTokens().isPresent()) {
      IntSupplier lengths = request.outputTokens().get().lengths(load.seed() + 1);
      chain = chain.exec(session -> session.set(WANTED, lengths.getAsInt()));
      outputs = session -> session.getInt(WANTED);
    }
    if (request.inputTokens().isEmpty()) {
      Function<Session, String> prompt = session -> tagged(session.getString("prompt"));
      return chain.feed(prompts()).exec(builder.apply(new Texts(prompt, outputs)));
    }
    IntSupplier lengths = request.inputTokens().get().lengths(load.seed());
    TokenCounter counter = tokens;
    SyntheticText texts = new SyntheticText(counter == null ? null : counter::count, load.seed());
    return chain
        .exec(
            session -> {
              int length = lengths.getAsInt();
              String start = request.nonce() ? "[" + nonce.next() + "]" : "";
              return session
                  .set(Tags.WANTED_INPUT_TOKENS, length)
                  .set("prompt", texts.next(start, length));
            })
        .exec(
            builder
                .apply(new Texts(session -> session.getString("prompt"), outputs))
                .tag(Tags.WANTED_INPUT_TOKENS, "#{" + Tags.WANTED_INPUT_TOKENS + "}"));
  }

  /** One iterator for all chains, so that they share the file and its order. */
  private Iterator<Map<String, Object>> prompts() {
    if (prompts == null) {
      prompts = Prompts.jsonl(PromptFile.resolve(root, request.prompts())).shuffled(load.seed());
    }
    return prompts;
  }

  String tagged(String prompt) {
    return request.nonce() ? nonce.tag(prompt) : prompt;
  }

  private LlmRequestBuilder sampled(
      LlmRequestBuilder builder, @Nullable Function<Session, Integer> length) {
    if (length == null) {
      return withOptions(builder.maxTokens(request.maxTokens()));
    }
    return withOptions(
        builder
            .maxTokens(length)
            .tag(Tags.WANTED_OUTPUT_TOKENS, session -> String.valueOf(length.apply(session))));
  }

  /** The request with what the settings say of every request, whoever sends it. */
  public LlmRequestBuilder withOptions(LlmRequestBuilder builder) {
    LlmRequestBuilder sampled = builder;
    if (request.minTokens().isPresent()) {
      sampled = sampled.minTokens(request.minTokens().getAsInt());
    }
    if (request.ignoreEos()) {
      sampled = sampled.ignoreEos();
    }
    if (request.temperature().isPresent()) {
      sampled = sampled.temperature(request.temperature().getAsDouble());
    }
    return request.extraBody().isPresent() ? sampled.extraBody(request.extraBody().get()) : sampled;
  }
}
