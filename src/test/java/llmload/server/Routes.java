package llmload.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.GenerationSpec;
import llmload.server.metrics.EngineMetrics;
import org.jspecify.annotations.Nullable;

/** The server's endpoints. */
final class Routes implements RequestHandler {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String MODELS = "/v1/models";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String METRICS = "/metrics";
  private static final Map<String, String> METHODS =
      Map.of(
          "/health",
          GET,
          METRICS,
          GET,
          MODELS,
          GET,
          "/tokenize",
          POST,
          EMBEDDINGS,
          POST,
          "/v1/completions",
          POST,
          "/v1/chat/completions",
          POST);

  private final ServerSettings settings;
  private final Engine engine;
  private final Admission admission;
  private final EngineMetrics metrics;
  private final SessionRoutes sessions;
  private final @Nullable TruthLog truth;
  private final Executor intake;
  private final Clock clock;
  private final long startedSeconds;
  private final String idPrefix;
  private final GuideRoutes guide;
  private final AtomicLong answerCount = new AtomicLong();

  /**
   * @param intake reads bodies and counts prompts, one after the other, off the event loop
   * @param truth {@code null} if no truth log is kept
   */
  Routes(
      ServerSettings settings,
      Engine engine,
      Admission admission,
      Executor intake,
      Clock clock,
      @Nullable TruthLog truth) {
    this.settings = settings;
    this.engine = engine;
    this.admission = admission;
    this.intake = intake;
    this.clock = clock;
    this.truth = truth;
    startedSeconds = clock.instant().getEpochSecond();
    idPrefix = Long.toString(clock.millis(), 36) + "-";
    sessions = new SessionRoutes(engine);
    metrics = new EngineMetrics(engine, servedName(), clock.millis() / 1e3);
    guide =
        new GuideRoutes(
            new GuideRoutes.Model(servedName(), engine.contextTokenCount(), settings.apiKey()),
            clock,
            (body, exchange) -> onIntake("/v1/chat/completions", body, exchange));
  }

  @Override
  public void handle(String method, String path, byte[] body, Exchange exchange) {
    if (guide.knows(path)) {
      guide.handle(method, path, body, exchange);
      return;
    }
    String allowed = path.startsWith(MODELS + "/") ? GET : METHODS.get(path);
    if (SessionRoutes.owns(path)) {
      sessions.handle(method, path, body, exchange);
    } else if (allowed == null) {
      exchange.error(ApiException.noRoute(path));
    } else if (!allowed.equals(method)) {
      exchange.wrongMethod(method, allowed);
    } else if (path.equals("/health")) {
      exchange.json(200, health());
    } else if (path.equals(METRICS)) {
      exchange.body(metrics.text(), EngineMetrics.CONTENT_TYPE);
    } else if (path.equals(MODELS)) {
      exchange.json(200, models());
    } else if (allowed.equals(GET)) {
      model(path.substring(MODELS.length() + 1), exchange);
    } else {
      onIntake(path, body, exchange);
    }
  }

  private void onIntake(String path, byte[] body, Exchange exchange) {
    try {
      intake.execute(
          () -> {
            try {
              read(path, body, exchange);
            } catch (ApiException e) {
              exchange.error(e);
            } catch (RuntimeException e) {
              // Whatever it is, the client must not wait for ever.
              exchange.error(ApiException.engineFault(String.valueOf(e)));
            }
          });
    } catch (RejectedExecutionException e) {
      exchange.error(ApiException.closing());
    }
  }

  private void read(String path, byte[] body, Exchange exchange) {
    switch (path) {
      case "/tokenize" -> exchange.json(200, tokenize(body));
      case EMBEDDINGS -> throw ApiException.noEmbeddings(servedName());
      case "/v1/completions" ->
          generate(
              GenerationRequestParser.parse(GenerationRequest.Kind.COMPLETION, body), exchange);
      default ->
          generate(GenerationRequestParser.parse(GenerationRequest.Kind.CHAT, body), exchange);
    }
  }

  private void generate(GenerationRequest request, Exchange exchange) {
    String asked = request.model();
    if (settings.strictModel() && !servedName().equals(asked)) {
      throw ApiException.modelNotFound(asked == null ? "nothing" : asked, servedName());
    }
    boolean chat = request.kind() == GenerationRequest.Kind.CHAT;
    String prompt = chat ? engine.chatPrompt(request.messages()) : request.prompt();
    int promptTokenCount = engine.tokenize(prompt).length;
    if (promptTokenCount >= engine.contextTokenCount()) {
      throw ApiException.contextExceeded(
          request.kind().promptField(), promptTokenCount, engine.contextTokenCount());
    }
    GenerationSpec spec = spec(request, prompt);
    requireKnown(request, spec);
    String id = idPrefix + answerCount.incrementAndGet();
    StreamFrames frames =
        new StreamFrames(
            request,
            id,
            clock.instant().getEpochSecond(),
            servedName(),
            "llmload-" + engine.name());
    String ownId = exchange.requestId();
    AnswerBook book =
        new AnswerBook(
            ownId == null ? id : ownId,
            request,
            promptTokenCount,
            exchange.arrivedNanos(),
            metrics,
            truth);
    SessionCache cache = sessions.of(request, exchange, prompt, spec.maxTokenCount());
    Admission.Ticket ticket = admission.admit();
    GenerationJob job = new GenerationJob(request, promptTokenCount, frames, exchange, book, cache);
    if (cache == null) {
      job.submit(engine, spec, ticket);
    } else {
      job.resume(engine, spec, ticket);
    }
  }

  private GenerationSpec spec(GenerationRequest request, String prompt) {
    Integer limit = request.maxTokenCount();
    int least = request.minTokenCount();
    GenerationRequest.Tool tool = request.tools().called();
    return new GenerationSpec(
        prompt,
        least,
        limit == null ? Math.max(settings.defaultMaxTokenCount(), least) : limit,
        request.sampling(),
        request.ignoreEos(),
        tool == null ? request.shape() : tool.arguments(),
        tool != null,
        null);
  }

  private void requireKnown(GenerationRequest request, GenerationSpec spec) {
    if (request.tools().given() && !engine.knowsTools()) {
      throw ApiException.unsupported("tools", "The model has no template for tools.");
    }
    boolean least = spec.minTokenCount() > 0 && spec.minTokenCount() < spec.maxTokenCount();
    if (least && !spec.ignoreEos() && !engine.knowsLeastLengths()) {
      throw ApiException.unsupported(
          "min_tokens", "Ask the engine " + engine.name() + " for ignore_eos.");
    }
  }

  private ObjectNode tokenize(byte[] body) {
    JsonNode asked = GenerationRequestParser.readObject(body);
    // llama.cpp asks with content, vLLM with prompt and reads the count as well.
    String field = asked.has("prompt") && !asked.has("content") ? "prompt" : "content";
    JsonNode content = asked.path(field);
    if (!content.isTextual()) {
      throw ApiException.invalid(field, "a text", GenerationRequestParser.found(content));
    }
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode tokens = answer.putArray("tokens");
    for (int token : engine.tokenize(content.textValue())) {
      tokens.add(token);
    }
    if (field.equals("prompt")) {
      answer.put("count", tokens.size()).put("max_model_len", engine.contextTokenCount());
    }
    return answer;
  }

  private ObjectNode health() {
    EngineFigures figures = engine.figures();
    int running = figures.runningCount();
    return MAPPER
        .createObjectNode()
        .put("status", "ok")
        .put("slots_idle", Math.max(0, settings.slotCount() - running))
        .put("slots_processing", running)
        .put("requests_waiting", figures.waitingCount());
  }

  private ObjectNode models() {
    ObjectNode answer = MAPPER.createObjectNode().put("object", "list");
    answer.putArray("data").add(model());
    return answer;
  }

  private void model(String name, Exchange exchange) {
    if (name.equals(servedName())) {
      exchange.json(200, model());
    } else {
      exchange.error(ApiException.modelNotFound(name, servedName()));
    }
  }

  private ObjectNode model() {
    ObjectNode model =
        MAPPER
            .createObjectNode()
            .put("id", servedName())
            .put("object", "model")
            .put("created", startedSeconds)
            .put("owned_by", "llmload")
            .put("max_model_len", engine.contextTokenCount());
    sessions.describe(model);
    return model;
  }

  private String servedName() {
    String name = settings.modelName();
    return name == null ? engine.modelName() : name;
  }
}
