package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static llmload.protocol.LlmDsl.llm;
import static llmload.protocol.LlmDsl.observed;
import static llmload.protocol.LlmDsl.replyIsJson;
import static llmload.protocol.LlmDsl.replyKept;
import static llmload.protocol.LlmDsl.replyMatchesSchema;
import static llmload.protocol.LlmDsl.validationTime;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Choice;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import llmload.protocol.LlmRequestBuilder;
import llmload.run.LoadSettings;
import llmload.run.RequestSettings;
import llmload.schema.SchemaShape;
import llmload.schema.Schemas;
import org.jspecify.annotations.Nullable;

/** The chains of the comparison of structured with free answers to the same ask. */
public final class StructuredPairs {
  /** As the guide asks for its list. */
  private static final int ITEM_COUNT = 5;

  private static final List<SchemaShape> SHAPES = List.of(SchemaShape.values());
  private static final String PAIR = "llmload.pair";
  private static final String REGISTERED = "llmload.registered";

  private final RequestSettings request;
  private final LoadRequests requests;
  private final List<PairPlan.Pair> pairs;
  private final Map<String, String> idsBySchema = new ConcurrentHashMap<>();
  private final AtomicInteger nextPair = new AtomicInteger();
  private final AtomicInteger nextSchema = new AtomicInteger();
  private final Schemas schemas;

  /** The pairs that the settings ask for. */
  public StructuredPairs(
      StructuredPairsSettings own,
      LoadSettings load,
      RequestSettings request,
      String runId,
      LoadRequests requests) {
    this.request = request;
    this.requests = requests;
    this.schemas = new Schemas(load.seed(), runId, ITEM_COUNT);
    this.pairs = PairPlan.of(schemas, own.repetitions(), own.models(), load.seed());
  }

  /** The number of pairs. */
  public long pairCount() {
    return pairs.size();
  }

  /** Registers the next pair's schema, and keeps the id that the server gives it. */
  public ChainBuilder registration() {
    return exec(session -> session.set(PAIR, pairs.get(nextSchema.getAndIncrement())))
        .exec(
            llm("schema_registration")
                .schema(
                    session -> pair(session).schema().shape().id() + "_" + schemaId(session),
                    session -> pair(session).schema().json())
                .tag("schema", StructuredPairs::schemaId)
                .check(replyKept())
                .saveReplyAs(REGISTERED))
        .exec(StructuredPairs::keepSuccess)
        .exec(
            session -> {
              String id = session.getString(REGISTERED);
              if (id != null) {
                idsBySchema.put(schemaId(session), id);
              }
              return session.remove(REGISTERED);
            });
  }

  /** Both halves of the next pair. */
  public ChainBuilder next() {
    List<Choice.WithKey> shapes =
        SHAPES.stream().map(shape -> onCase(shape.id()).then(both(shape))).toList();
    return exec(session -> begun(session, pairs.get(nextPair.getAndIncrement())))
        .exec(doSwitch("#{shape}").on(shapes));
  }

  /** A pair's request before the comparison begins, now of one kind and now of the other. */
  public ChainBuilder warmUp() {
    AtomicInteger count = new AtomicInteger();
    return exec(session -> {
          int number = count.getAndIncrement();
          SchemaShape shape = SHAPES.get(number % SHAPES.size());
          return begun(
              session, new PairPlan.Pair("warm-up", null, schemas.next(shape), number % 2 == 0));
        })
        .exec(
            doIfOrElse(session -> pair(session).structuredFirst())
                .then(exec(structured("structured")))
                .orElse(exec(unstructured("unstructured"))));
  }

  private static Session begun(Session session, PairPlan.Pair pair) {
    return keepSuccess(session)
        .set(PAIR, pair)
        .set("shape", pair.schema().shape().id())
        .set("schema", pair.schema().json());
  }

  /** A request that failed says so itself; the user goes on. */
  private static Session keepSuccess(Session session) {
    return session.markAsSucceeded();
  }

  private ChainBuilder both(SchemaShape shape) {
    ChainBuilder structured = exec(structured("structured_" + shape.id()));
    ChainBuilder unstructured = exec(unstructured("unstructured_" + shape.id()));
    return doIfOrElse(session -> pair(session).structuredFirst())
        .then(exec(structured).exec(unstructured))
        .orElse(exec(unstructured).exec(structured));
  }

  private LlmRequestBuilder structured(String name) {
    return half(name, "structured")
        .jsonSchema("#{schema}")
        .schemaId(session -> idsBySchema.get(schemaId(session)))
        .check(replyMatchesSchema("#{schema}"), validationTime("#{schema}"));
  }

  private LlmRequestBuilder unstructured(String name) {
    return half(name, "unstructured")
        .check(
            observed(replyIsJson()),
            observed(replyMatchesSchema("#{schema}")),
            validationTime("#{schema}"));
  }

  private LlmRequestBuilder half(String name, String half) {
    Function<Session, String> ask = session -> requests.tagged(pair(session).schema().prompt());
    return requests
        .withOptions(llm(name).user(ask).maxTokens(request.structuredMaxTokens()))
        .model(session -> pair(session).model())
        .stream(false)
        .tag("pair", session -> pair(session).id())
        .tag("case", "#{shape}")
        .tag("half", half)
        .tag("model", session -> text(pair(session).model()))
        .tag("schema", StructuredPairs::schemaId);
  }

  private static String text(@Nullable String model) {
    return model == null ? "" : model;
  }

  private static PairPlan.Pair pair(Session session) {
    PairPlan.Pair pair = session.get(PAIR);
    if (pair == null) {
      throw new IllegalStateException("The session has no pair.");
    }
    return pair;
  }

  private static String schemaId(Session session) {
    return pair(session).schema().id();
  }
}
