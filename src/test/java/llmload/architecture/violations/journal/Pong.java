package llmload.architecture.violations.journal;

import llmload.architecture.violations.wire.Ping;

/** Needs {@link Ping}, which needs it. */
public final class Pong {
  private Pong() {}

  /** How deep it goes. */
  public static int depth() {
    return Ping.class.getSimpleName().length();
  }
}
