package llmload.testing;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static llmload.protocol.LlmDsl.llm;

import io.gatling.javaapi.core.Session;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.run.LlmSimulation;

/**
 * A simulation with a fault planted in it: its fifth step holds the event loop for half a second,
 * as a user's slow code would. Not in the package of the simulations, so that nobody runs it by
 * accident.
 */
public final class BlockedLoopSimulation extends LlmSimulation {
  private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final AtomicInteger steps = new AtomicInteger();

  /** Builds the load; Gatling makes the instance. */
  public BlockedLoopSimulation() {
    setUp(
            scenario("chat")
                .exec(
                    asLongAs(session -> control().takeMeasured())
                        .on(exec(llm("chat").user("Say hello")).exec(this::block)))
                .injectOpen(atOnceUsers(1)))
        .protocols(llmProtocol());
  }

  private Session block(Session session) {
    if (steps.incrementAndGet() == 5) {
      long end = nanoTime() + BLOCK_NANOS;
      while (nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
    }
    return session;
  }

  private static long nanoTime() {
    return System.nanoTime();
  }
}
