package llmload.protocol;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import llmload.model.Outcome;

/**
 * How often in a row a virtual user's connection failed, kept in its session, and how long a user
 * of a closed load stays away then. A port that refuses answers within microseconds: without a
 * pause a server that has died would be asked thousands of times a second, and its failures would
 * bury the answers before them.
 */
public final class Refusals {
  static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private static final String COUNT = "llmload.refusals";

  private Refusals() {}

  /** The session after a request that ended like that. */
  public static Session after(Session session, Outcome outcome) {
    if (outcome == Outcome.CONNECT) {
      return session.set(COUNT, count(session) + 1);
    }
    return session.contains(COUNT) ? session.remove(COUNT) : session;
  }

  /** Whether the last request's connection failed. */
  public static boolean isRefused(Session session) {
    return session.contains(COUNT);
  }

  /** How long to stay away: twice as long with each failure in a row, 0.1 s to 1 s. */
  public static Duration pause(Session session) {
    int doublings = Math.min(Math.max(0, count(session) - 1), 10);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private static int count(Session session) {
    return session.contains(COUNT) ? session.getInt(COUNT) : 0;
  }
}
