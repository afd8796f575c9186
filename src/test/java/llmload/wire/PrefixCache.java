package llmload.wire;

import java.util.Optional;

/**
 * A server that reuses the beginnings of prompts by itself (vLLM, SGLang and the like): it knows no
 * session, and nothing can be done with its cache but to send a prompt again.
 */
final class PrefixCache implements CacheDialect {
  @Override
  public String id() {
    return "prefix";
  }

  @Override
  public Optional<ServerCall> call(CacheOperation operation, String session) {
    return Optional.empty();
  }

  @Override
  public Optional<ServerCall> probe(String session) {
    return Optional.empty();
  }

  @Override
  public Optional<String> sessionHeader() {
    return Optional.empty();
  }

  @Override
  public Optional<String> sessionBody(String session) {
    return Optional.empty();
  }

  @Override
  public boolean savesItself() {
    return false;
  }
}
