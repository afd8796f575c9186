package llmload.wire;

import java.util.Optional;

/**
 * agent-memory: a session is the header {@code X-Session-ID}, its agent is {@code oai_<session>}.
 *
 * <p>There is no route to save or load: a cache is written at the end of each answer, between the
 * last token and the closing chunk, and looking at an agent loads it from disk.
 */
final class AgentMemoryCache implements CacheDialect {
  @Override
  public String id() {
    return "agent-memory";
  }

  @Override
  public Optional<ServerCall> call(CacheOperation operation, String session) {
    String agent = "/v1/agents/oai_" + session;
    return switch (operation) {
      case SAVE -> Optional.empty();
      case LOAD -> Optional.of(new ServerCall("GET", agent, null));
      case UNLOAD -> Optional.of(new ServerCall("DELETE", agent + "?evict_only=true", null));
      case DELETE -> Optional.of(new ServerCall("DELETE", agent, null));
      case MEMORY -> Optional.of(new ServerCall("GET", "/debug/memory", null));
    };
  }

  @Override
  public Optional<ServerCall> probe(String session) {
    return Optional.of(new ServerCall("GET", "/v1/agents/list", null));
  }

  @Override
  public Optional<String> sessionHeader() {
    return Optional.of("X-Session-ID");
  }

  @Override
  public Optional<String> sessionBody(String session) {
    return Optional.empty();
  }

  @Override
  public boolean savesItself() {
    return true;
  }
}
