package llmload.simulations.scenarios.agents;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static llmload.protocol.LlmDsl.llm;
import static llmload.protocol.LlmDsl.noteNumber;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.Optional;
import llmload.model.AgentTags;
import llmload.protocol.LlmCheck;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.run.LoadControl;
import llmload.wire.CacheDialect;
import llmload.wire.CacheOperation;
import llmload.wire.ServerCall;

/** Requests of a session, and the calls that a server offers for its cache. */
final class CacheSteps {
  private static final String GO = "llmload.go";

  private CacheSteps() {}

  /** The name of the session that the virtual user is in. */
  static String sessionOf(Session session) {
    return String.valueOf(session.getString(SessionKeys.CACHE_SESSION));
  }

  /** Puts the virtual user into a session. */
  static Session enter(Session session, String name) {
    return session.set(SessionKeys.CACHE_SESSION, name);
  }

  /** The request tied to the virtual user's session, as the dialect does it. */
  static LlmRequestBuilder tied(LlmRequestBuilder request, CacheDialect dialect) {
    Optional<String> header = dialect.sessionHeader();
    if (header.isPresent()) {
      return request.http(http -> http.header(header.get(), CacheSteps::sessionOf));
    }
    // Whether there is a body's field at all does not depend on the session's name.
    return dialect.sessionBody("0").isPresent()
        ? request.extraBody(session -> dialect.sessionBody(sessionOf(session)).orElse("{}"))
        : request;
  }

  /** One call on the virtual user's session. */
  static LlmRequestBuilder call(String name, CacheDialect dialect, CacheOperation operation) {
    ServerCall shape = call(dialect, operation, "0");
    if (shape.body() == null) {
      return llm(name)
          .operation(
              shape.method(), session -> call(dialect, operation, sessionOf(session)).path());
    }
    return llm(name)
        .operation(
            shape.method(),
            session -> call(dialect, operation, sessionOf(session)).path(),
            session -> String.valueOf(call(dialect, operation, sessionOf(session)).body()));
  }

  private static ServerCall call(CacheDialect dialect, CacheOperation operation, String session) {
    return dialect
        .call(operation, session)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    dialect.id() + ": Expecting an operation that it has. Found: " + operation));
  }

  /** A reading of the server's own memory figures, kept as the journal's words. */
  static LlmRequestBuilder memory(String name, CacheDialect dialect) {
    return call(name, dialect, CacheOperation.MEMORY)
        .check(
            noteNumber(AgentTags.ACTIVE_MEMORY, "/" + AgentTags.ACTIVE_MEMORY),
            noteNumber("cache_memory_mb", "/cache_memory_mb"),
            noteNumber("pool_used_blocks", "/pool_used_blocks"));
  }

  /** A look at the model's description for the shape of its cache. */
  static LlmRequestBuilder shape(String name) {
    LlmRequestBuilder look = llm(name).operation("GET", session -> "/v1/models");
    String[] numbers = AgentTags.shape();
    LlmCheck[] notes = new LlmCheck[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      notes[i] = noteNumber(numbers[i], "/data/0/spec/" + numbers[i]);
    }
    return look.check(notes);
  }

  /** Sends if the plan still wants it; a step that failed before does not keep it back. */
  static ChainBuilder step(LoadControl control, ChainBuilder request) {
    return exec(session -> session.markAsSucceeded().set(GO, control.takeMeasured()))
        .doIf(session -> session.getBoolean(GO))
        .then(request);
  }
}
