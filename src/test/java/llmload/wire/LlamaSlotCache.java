package llmload.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp: a session is a slot, named in the body as {@code id_slot}; saving, restoring and
 * erasing it are routes of their own, if the server was started with {@code --slot-save-path}.
 *
 * <p>A session's name must be the slot's number. There are no figures of its memory.
 */
final class LlamaSlotCache implements CacheDialect {
  @Override
  public String id() {
    return "llama.cpp";
  }

  @Override
  public Optional<ServerCall> call(CacheOperation operation, String session) {
    return switch (operation) {
      case SAVE -> Optional.of(call(session, "save", file(session)));
      case LOAD -> Optional.of(call(session, "restore", file(session)));
      case UNLOAD, DELETE -> Optional.of(call(session, "erase", null));
      case MEMORY -> Optional.empty();
    };
  }

  private static ServerCall call(String slot, String action, @Nullable String body) {
    return new ServerCall("POST", "/slots/" + slot + "?action=" + action, body);
  }

  private static String file(String slot) {
    return "{\"filename\":\"llmload-slot-" + slot + ".bin\"}";
  }

  /** Erasing: all three actions are refused with 501 where the server may not save slots. */
  @Override
  public Optional<ServerCall> probe(String session) {
    return call(CacheOperation.DELETE, session);
  }

  @Override
  public Optional<String> sessionHeader() {
    return Optional.empty();
  }

  @Override
  public Optional<String> sessionBody(String session) {
    return session.matches("\\d{1,6}")
        ? Optional.of("{\"id_slot\":" + session + ",\"cache_prompt\":true}")
        : Optional.empty();
  }

  @Override
  public boolean savesItself() {
    return false;
  }
}
