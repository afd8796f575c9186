package llmload.simulations;

import llmload.model.RequestKind;
import llmload.run.Workload;

/** Conversations with their real, growing history, one turn a request. */
public final class ConversationSimulation extends SingleLoadSimulation {
  /** Builds the load; Gatling makes the instance. */
  public ConversationSimulation() {
    super(Workload.of(RequestKind.CONVERSATION), requests -> requests.conversation("conversation"));
  }
}
