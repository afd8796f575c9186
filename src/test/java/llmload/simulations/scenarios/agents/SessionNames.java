package llmload.simulations.scenarios.agents;

import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import llmload.protocol.LlmRequestBuilder;
import llmload.wire.CacheDialect;
import llmload.wire.CacheOperation;
import llmload.wire.ServerCall;

/** The sessions that one run makes on the server, so that it can delete them. Thread safe. */
public final class SessionNames {
  private final CacheDialect dialect;
  private final String runId;
  private final Set<String> entered = ConcurrentHashMap.newKeySet();

  /**
   * No session yet.
   *
   * @param dialect how sessions are named and deleted
   * @param runId tells this run's sessions from any other's
   */
  public SessionNames(CacheDialect dialect, String runId) {
    this.dialect = dialect;
    this.runId = runId;
  }

  CacheDialect dialect() {
    return dialect;
  }

  String runId() {
    return runId;
  }

  /** Puts the virtual user into a session of its own. */
  Session enter(Session session) {
    return enter(session, runId + "-" + session.userId());
  }

  /** Puts the virtual user into the session of that name. */
  Session enter(Session session, String name) {
    entered.add(name);
    return CacheSteps.enter(session, name);
  }

  /**
   * A warm-up's request: where a header names the session, in one that is deleted with the others,
   * since a server may keep one of its own making otherwise.
   */
  public LlmRequestBuilder warmUp(LlmRequestBuilder request) {
    Optional<String> header = dialect.sessionHeader();
    if (header.isEmpty()) {
      return request;
    }
    String name = runId + "-warm-up";
    entered.add(name);
    return request.http(http -> http.header(header.get(), name));
  }

  /** The calls that delete them all; none where the server has no such call. */
  public List<ServerCall> deletions() {
    return entered.stream()
        .sorted()
        .flatMap(name -> dialect.call(CacheOperation.DELETE, name).stream())
        .toList();
  }
}
