package llmload.protocol;

import java.time.Duration;

/**
 * How long a request may take, in four parts; each counts from the sending of the request but
 * {@code idle}, which counts from the last token.
 *
 * @param connect until the request's bytes go out on an open connection
 * @param firstToken until the first generated token; for an answer in one piece, its end
 * @param idle between two tokens
 * @param total until the end of the answer
 */
public record Timeouts(Duration connect, Duration firstToken, Duration idle, Duration total) {
  /** 10 s to connect, 2 min to the first token, 30 s between tokens, 10 min in all. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofMinutes(2),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10));

  /** Checks that each is positive. */
  public Timeouts {
    requirePositive("timeout.connect", connect);
    requirePositive("timeout.firstToken", firstToken);
    requirePositive("timeout.idle", idle);
    requirePositive("timeout.total", total);
  }

  private static void requirePositive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          key + ": Expecting a positive duration. Found: " + value + ".");
    }
  }
}
