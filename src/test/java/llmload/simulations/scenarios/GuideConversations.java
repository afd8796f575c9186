package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.foreach;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.nio.file.Path;
import java.time.Duration;
import llmload.feeders.Conversations;
import llmload.protocol.Conversation;
import llmload.protocol.SessionKeys;

/**
 * Conversations one after the other by one user, each with its real history. A turn that failed is
 * left out of the history, and the next one follows.
 */
public final class GuideConversations {
  private final Path root;
  private final LoadRequests requests;
  private final Duration pause;

  /**
   * @param root the project's folder
   * @param pause the user's pause before each turn
   */
  public GuideConversations(Path root, LoadRequests requests, Duration pause) {
    this.root = root;
    this.requests = requests;
    this.pause = pause;
  }

  /** {@code count} conversations of a file; their ids are {@code short_1} and so on. */
  public PopulationBuilder of(String kind, int count) {
    String name = "conversation_" + kind;
    ChainBuilder turn = requests.turn(name, "#{line}");
    ChainBuilder timed = pause.isZero() ? turn : pause(pause).exec(turn);
    ChainBuilder begin =
        feed(Conversations.jsonl(Conversations.resolve(root, kind)).circular())
            .exec(
                session ->
                    session.set(
                        SessionKeys.CONVERSATION,
                        Conversation.start(
                            kind + "_" + (session.getInt("number") + 1),
                            session.getString("system"))));
    return scenario(name)
        .exec(repeat(count, "number").on(exec(begin).exec(foreach("#{turns}", "line").on(timed))))
        .injectOpen(atOnceUsers(1));
  }
}
