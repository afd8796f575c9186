package llmload.server;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import llmload.server.agents.SessionStore;
import llmload.server.engine.Engine;

/**
 * The cache of the session that one request is of: loaded before it, saved after it.
 *
 * <p>Files are read and written on the store's own thread; so what follows runs there too.
 */
final class SessionCache {
  private final Engine engine;
  private final SessionStore store;
  private final String id;
  private final String prompt;

  /**
   * @param id the session's name in the store
   * @param prompt the request's whole prompt
   */
  SessionCache(Engine engine, SessionStore store, String id, String prompt) {
    this.engine = engine;
    this.store = store;
    this.id = id;
    this.prompt = prompt;
  }

  /**
   * Loads the session.
   *
   * @param then takes the number of the prompt's first tokens that it holds
   * @param otherwise takes the reason why it cannot be loaded
   */
  void load(IntConsumer then, Consumer<String> otherwise) {
    onWorker(
        () -> {
          int[] held = store.load(id).orElse(new int[0]);
          int[] asked = engine.tokenize(prompt);
          int same = Arrays.mismatch(held, asked);
          then.accept(same < 0 ? asked.length : same);
        },
        otherwise);
  }

  /**
   * Keeps prompt and answer. A slot stays in memory until it is saved by a call of its own; any
   * other session is written and synced at once.
   *
   * @param otherwise takes the reason why it cannot be written
   */
  void save(String answer, Runnable then, Consumer<String> otherwise) {
    onWorker(
        () -> {
          int[] tokens = engine.tokenize(prompt + answer);
          if (SessionRoutes.isSlot(id)) {
            store.hold(id, tokens);
          } else {
            store.save(id, tokens);
          }
          then.run();
        },
        otherwise);
  }

  private void onWorker(Runnable task, Consumer<String> otherwise) {
    try {
      store
          .worker()
          .execute(
              () -> {
                try {
                  task.run();
                } catch (UncheckedIOException e) {
                  otherwise.accept("session: Its file failed: " + e.getMessage());
                } catch (RuntimeException e) {
                  // Whatever it is, the client must not wait for ever.
                  otherwise.accept(String.valueOf(e.getMessage()));
                }
              });
    } catch (RejectedExecutionException e) {
      otherwise.accept("session: The server is closing.");
    }
  }
}
