package llmload.architecture.violations.wire;

import llmload.architecture.violations.journal.Pong;

/** Needs {@link Pong}, which needs it. */
public final class Ping {
  /** How deep it goes. */
  public static final int DEPTH = Pong.depth() + 1;

  private Ping() {}
}
