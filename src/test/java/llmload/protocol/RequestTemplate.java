package llmload.protocol;

import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import llmload.model.RequestKind;
import llmload.wire.GenerationRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request before it meets a session; {@link LlmRequestBuilder} is how to make one.
 *
 * @param name its name, a scope of every report
 * @param kind what it asks for
 * @param generation its body's content
 * @param stream whether the answer is streamed; {@code null} for the protocol's default
 * @param http a change of the HTTP request
 * @param checks the checks of the complete answer, in order
 * @param before what it does to the session before it is built
 * @param after what a successful answer does to the session; {@code null} if nothing
 * @param tags words that its record carries, by key
 * @param operation the call of an operation, which no dialect makes; {@code null} for any other
 *     kind
 */
public record RequestTemplate(
    String name,
    RequestKind kind,
    Function<Session, GenerationRequest.Builder> generation,
    @Nullable Boolean stream,
    UnaryOperator<HttpRequestActionBuilder> http,
    List<LlmCheck> checks,
    UnaryOperator<Session> before,
    @Nullable Reaction after,
    Map<String, Function<Session, String>> tags,
    @Nullable Operation operation) {

  /** Copies the collections. */
  public RequestTemplate {
    checks = List.copyOf(checks);
    tags = Map.copyOf(tags);
  }

  /** A change of the body's content. */
  @FunctionalInterface
  interface Change {
    GenerationRequest.Builder apply(Session session, GenerationRequest.Builder request);
  }

  /** What an answer's text does to a session. */
  @FunctionalInterface
  public interface Reaction {
    /** The session afterwards. */
    Session apply(Session session, String reply);
  }

  /**
   * The call of an operation.
   *
   * @param method the HTTP method
   * @param path path and query, from the server's root
   * @param body a JSON body; {@code null} if there is none
   */
  public record Operation(
      String method, Function<Session, String> path, @Nullable Function<Session, String> body) {}

  RequestTemplate withOperation(Operation value) {
    return new RequestTemplate(
        name, kind, generation, stream, http, checks, before, after, tags, value);
  }

  static RequestTemplate of(
      String name, RequestKind kind, Function<Session, GenerationRequest.Builder> generation) {
    return new RequestTemplate(
        name,
        kind,
        generation,
        null,
        UnaryOperator.identity(),
        List.of(),
        UnaryOperator.identity(),
        null,
        Map.of(),
        null);
  }

  RequestTemplate then(Change change) {
    Function<Session, GenerationRequest.Builder> first = generation;
    return new RequestTemplate(
        name,
        kind,
        session -> change.apply(session, first.apply(session)),
        stream,
        http,
        checks,
        before,
        after,
        tags,
        operation);
  }

  RequestTemplate withKind(RequestKind value) {
    return new RequestTemplate(
        name, value, generation, stream, http, checks, before, after, tags, operation);
  }

  RequestTemplate withStream(boolean value) {
    return new RequestTemplate(
        name, kind, generation, value, http, checks, before, after, tags, operation);
  }

  RequestTemplate withHttp(UnaryOperator<HttpRequestActionBuilder> value) {
    return new RequestTemplate(
        name, kind, generation, stream, value, checks, before, after, tags, operation);
  }

  RequestTemplate withChecks(List<LlmCheck> value) {
    return new RequestTemplate(
        name, kind, generation, stream, http, value, before, after, tags, operation);
  }

  RequestTemplate withBefore(UnaryOperator<Session> value) {
    return new RequestTemplate(
        name, kind, generation, stream, http, checks, value, after, tags, operation);
  }

  RequestTemplate andAfter(Reaction value) {
    Reaction first = after;
    Reaction both =
        first == null ? value : (session, reply) -> value.apply(first.apply(session, reply), reply);
    return new RequestTemplate(
        name, kind, generation, stream, http, checks, before, both, tags, operation);
  }

  RequestTemplate withTag(String key, Function<Session, String> value) {
    Map<String, Function<Session, String>> more = new HashMap<>(tags);
    more.put(key, value);
    return new RequestTemplate(
        name, kind, generation, stream, http, checks, before, after, more, operation);
  }

  /** Whether the answer's text must be kept. */
  public boolean needsText() {
    return after != null || checks.stream().anyMatch(LlmCheck::needsText);
  }
}
