package llmload.protocol.internal;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.core.action.Action;
import io.gatling.core.action.builder.ActionBuilder;
import io.gatling.core.structure.ScenarioContext;
import io.gatling.http.request.HttpRequestDef;
import io.gatling.http.request.builder.HttpRequestBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.List;
import java.util.function.Function;
import llmload.protocol.ProtocolSettings;
import llmload.protocol.RequestTemplate;
import llmload.wire.Endpoint;
import llmload.wire.GenerationRequest;
import scala.jdk.javaapi.CollectionConverters;

/** Turns a request template into an action, once for each place it stands in a scenario. */
public final class LlmActionBuilder implements ActionBuilder {
  private final RequestTemplate template;

  /** Builds actions for {@code template}. */
  public LlmActionBuilder(RequestTemplate template) {
    this.template = template;
  }

  @Override
  public Action build(ScenarioContext context, Action next) {
    LlmProtocol.Components llm =
        context.protocolComponentsRegistry().components(LlmProtocol.Key.INSTANCE);
    ProtocolSettings settings = llm.settings();
    boolean stream =
        template.kind().isGeneration()
            && settings.dialect().canStream()
            && (template.stream() == null ? settings.stream() : template.stream());
    List<String> baseUrls = CollectionConverters.asJava(llm.http().httpProtocol().baseUrls());
    HttpRequestBuilder request =
        (HttpRequestBuilder)
            template.http().apply(httpRequest(settings, baseUrls, stream)).asScala();
    HttpRequestDef definition =
        request.build(
            llm.http().httpCaches(),
            llm.http().httpProtocol(),
            context.throttled(),
            context.coreComponents().configuration());
    return new LlmAction(
        new LlmAction.Plan(
            template,
            stream,
            settings,
            llm,
            context.coreComponents(),
            definition,
            context.throttled()),
        next);
  }

  private HttpRequestActionBuilder httpRequest(
      ProtocolSettings settings, List<String> baseUrls, boolean stream) {
    if (baseUrls.isEmpty()) {
      throw new IllegalArgumentException(
          "baseUrl: Expecting http.baseUrl(url) in the llm protocol. Found: none.");
    }
    RequestTemplate.Operation operation = template.operation();
    if (operation != null) {
      return operation(settings, baseUrls, operation);
    }
    String path = settings.dialect().path(template.kind());
    Function<Session, String> url =
        session -> Endpoint.url(baseUrls.get((int) (session.userId() % baseUrls.size())), path);
    // The engine's own timeout only cleans up after ours, on HTTP/2 the one way to reset a stream.
    var patience = settings.timeouts().total().plusSeconds(5);
    if (!settings.dialect().isPost(template.kind())) {
      return http(template.name()).get(url).requestTimeout(patience);
    }
    return http(template.name())
        .post(url)
        .header("Content-Type", "application/json")
        .header("Accept", stream ? "text/event-stream" : "application/json")
        .body(StringBody(session -> body(settings, stream, session)))
        .requestTimeout(patience);
  }

  private HttpRequestActionBuilder operation(
      ProtocolSettings settings, List<String> baseUrls, RequestTemplate.Operation operation) {
    Function<Session, String> url =
        session ->
            Endpoint.url(
                baseUrls.get((int) (session.userId() % baseUrls.size())),
                operation.path().apply(session));
    HttpRequestActionBuilder request =
        http(template.name())
            .httpRequest(operation.method(), url)
            .requestTimeout(settings.timeouts().total().plusSeconds(5));
    Function<Session, String> body = operation.body();
    return body == null
        ? request
        : request.header("Content-Type", "application/json").body(StringBody(body));
  }

  private String body(ProtocolSettings settings, boolean stream, Session session) {
    GenerationRequest request =
        template.generation().apply(session).stream(stream).defaultModel(settings.model()).build();
    return settings.dialect().encode(template.kind(), request);
  }
}
