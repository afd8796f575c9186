package llmload.simulations;

import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;

import io.gatling.javaapi.core.ChainBuilder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.schema.SchemaShape;
import llmload.simulations.scenarios.Shares;

/**
 * A first look at a server: a little of everything, each kind of request on its own and then the
 * next, so that none disturbs another's numbers.
 *
 * <p>Of 25 requests, 1 asks for the health, 1 for the models, 6 for answers that fit a schema, 4
 * for a streamed and 3 for a whole text, 6 are turns of conversations, and 4 come at once.
 */
public final class SmokeSimulation extends PartedSimulation {
  /** A first look shall not knock the server over. */
  private static final int MAX_BATCH = 32;

  /** Builds the load; Gatling makes the instance. */
  public SmokeSimulation() {
    super("smoke");
    long[] shares = Shares.of(settings().load().requestCount(), 1, 1, 6, 4, 3, 6, 4);
    plan(settings().load().requestCount());
    List<SchemaShape> shapes = List.of(SchemaShape.values());
    ChainBuilder structured = requests().structured("structured", shapes);
    ChainBuilder chat = requests().chat("unstructured");
    AtomicInteger warmed = new AtomicInteger();
    warmUp(doIfOrElse(session -> warmed.getAndIncrement() % 4 == 0).then(structured).orElse(chat));
    part("health", requests().health("health"), shares[0]);
    part("models", requests().models("models"), shares[1]);
    part("structured", structured, shares[2]);
    part("unstructured", chat, shares[3]);
    part("unstructured_whole", requests().wholeChat("unstructured_whole"), shares[4]);
    part("conversation", requests().conversation("conversation"), shares[5]);
    part("batch", requests().chat("batch"), shares[6], (int) Math.min(shares[6], MAX_BATCH));
    begin();
  }
}
