package llmload.protocol;

import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.List;
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
 * @param saveReplyAs the session attribute for the answer's text, if any
 */
public record RequestTemplate(
    String name,
    RequestKind kind,
    Function<Session, GenerationRequest.Builder> generation,
    @Nullable Boolean stream,
    UnaryOperator<HttpRequestActionBuilder> http,
    List<LlmCheck> checks,
    @Nullable String saveReplyAs) {

  /** A change of the body's content. */
  @FunctionalInterface
  interface Change {
    GenerationRequest.Builder apply(Session session, GenerationRequest.Builder request);
  }

  static RequestTemplate of(
      String name, RequestKind kind, Function<Session, GenerationRequest.Builder> generation) {
    return new RequestTemplate(
        name, kind, generation, null, UnaryOperator.identity(), List.of(), null);
  }

  RequestTemplate then(Change change) {
    Function<Session, GenerationRequest.Builder> before = generation;
    return new RequestTemplate(
        name,
        kind,
        session -> change.apply(session, before.apply(session)),
        stream,
        http,
        checks,
        saveReplyAs);
  }

  RequestTemplate withStream(boolean value) {
    return new RequestTemplate(name, kind, generation, value, http, checks, saveReplyAs);
  }

  RequestTemplate withHttp(UnaryOperator<HttpRequestActionBuilder> value) {
    return new RequestTemplate(name, kind, generation, stream, value, checks, saveReplyAs);
  }

  RequestTemplate withChecks(List<LlmCheck> value) {
    return new RequestTemplate(
        name, kind, generation, stream, http, List.copyOf(value), saveReplyAs);
  }

  RequestTemplate withSaveReplyAs(String value) {
    return new RequestTemplate(name, kind, generation, stream, http, checks, value);
  }

  /** Whether the answer's text must be kept. */
  public boolean needsText() {
    return saveReplyAs != null || checks.stream().anyMatch(LlmCheck::needsText);
  }
}
