package llmload.protocol;

import io.gatling.javaapi.core.Session;
import java.util.ArrayList;
import java.util.List;
import llmload.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as far as it has come; a session attribute. Immutable.
 *
 * @param id its name in the journal
 * @param askedCount turns that were begun, answered or not
 * @param history the messages so far: the system's, then user's and model's in turns; a turn that
 *     failed is not in it
 * @param asked the user's message of the turn that is under way
 */
public record Conversation(
    String id, int askedCount, List<Message> history, @Nullable String asked) {

  /** Copies the list. */
  public Conversation {
    history = List.copyOf(history);
  }

  /** A conversation in which nothing is said yet. */
  public static Conversation start(String id, @Nullable String system) {
    return new Conversation(
        id,
        0,
        system == null || system.isBlank() ? List.of() : List.of(Message.system(system)),
        null);
  }

  /** The one of that session; a new one named after the user where it has none. */
  public static Conversation of(Session session) {
    Conversation present = session.get(SessionKeys.CONVERSATION);
    return present == null ? start("user-" + session.userId(), null) : present;
  }

  /** The same with the user's next message. */
  public Conversation ask(String message) {
    return new Conversation(id, askedCount + 1, history, message);
  }

  /** The same with the model's answer to what was asked. */
  public Conversation answer(String reply) {
    List<Message> longer = messages();
    longer.add(Message.assistant(reply));
    return new Conversation(id, askedCount, longer, null);
  }

  /** What the turn under way sends: the whole history and the user's message. */
  public List<Message> messages() {
    List<Message> all = new ArrayList<>(history);
    if (asked != null) {
      all.add(Message.user(asked));
    }
    return all;
  }

  /** The number of the turn under way, from 0. */
  public int turn() {
    return Math.max(0, askedCount - 1);
  }
}
