package llmload.simulations.scenarios.agents;

import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;

import io.gatling.javaapi.core.ChainBuilder;
import java.util.concurrent.atomic.AtomicLong;
import llmload.simulations.scenarios.LoadRequests;
import llmload.wire.CacheOperation;

/** The request of a long run: a chat of the user's session, now and then a reading of memory. */
public final class SoakRequests {
  private SoakRequests() {}

  /**
   * A chain that sends exactly one request.
   *
   * @param sessions the run's sessions; each user gets one
   */
  public static ChainBuilder of(
      SoakSettings settings, LoadRequests requests, SessionNames sessions) {
    ChainBuilder enter = exec(session -> sessions.enter(session));
    ChainBuilder chat =
        requests.chat("soak", request -> CacheSteps.tied(request, settings.dialect()));
    if (settings.dialect().call(CacheOperation.MEMORY, "any").isEmpty()) {
      return exec(enter).exec(chat);
    }
    AtomicLong sent = new AtomicLong();
    String reads = "llmload.reads";
    return exec(enter)
        .exec(session -> session.set(reads, sent.getAndIncrement() % settings.memoryEvery() == 0))
        .exec(
            doIfOrElse(session -> session.getBoolean(reads))
                .then(exec(CacheSteps.memory("memory", settings.dialect())))
                .orElse(chat));
  }
}
