package llmload.bench;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static llmload.protocol.LlmDsl.llm;

import io.gatling.javaapi.core.ChainBuilder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import llmload.protocol.LlmCheck;
import llmload.protocol.ReplyView;
import llmload.run.LlmSimulation;
import llmload.wire.Reply;

/**
 * Reads stamped streams as {@code LoadSimulation} does, one a user, and prints at its end how far
 * each token's stamp lay behind the server's.
 */
public final class StampLagSimulation extends LlmSimulation {
  private static final String GO = "bench.go";

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();

  /** Builds the load; Gatling makes the instance. */
  public StampLagSimulation() {
    LlmCheck keep = new LlmCheck("kept", "not kept", true, this::keep, kept -> true);
    ChainBuilder take = exec(session -> session.set(GO, control().takeMeasured()));
    setUp(
            scenario("stamped")
                .exec(take)
                .exec(
                    asLongAs(session -> session.getBoolean(GO))
                        .on(
                            exec(llm("stamped")
                                    .user("go")
                                    .maxTokens(settings().request().maxTokens())
                                    .check(keep))
                                .exec(take)))
                .injectOpen(atOnceUsers(settings().load().users())))
        .protocols(llmProtocol());
  }

  /** Only keeps the reply: reading its stamps here would delay those of other streams. */
  private Object keep(ReplyView view) {
    replies.add(view.reply());
    return true;
  }

  @Override
  public void after() {
    LagFigures figures = new LagFigures();
    for (Reply reply : replies) {
      long[] at = reply.chunkAtNanos();
      for (int i = 0; i < at.length; i++) {
        figures.add(StampText.read(reply.text(), i), at[i]);
      }
    }
    System.out.println(figures.line());
    super.after();
  }
}
