package llmload.protocol.exchange;

import java.time.Duration;
import llmload.model.Outcome;
import llmload.protocol.FailureTexts;
import llmload.protocol.Timeouts;
import llmload.wire.ReplyReader;
import org.jspecify.annotations.Nullable;

/**
 * The four timeouts of one request as moments of {@code System.nanoTime()}. Only tokens move the
 * idle deadline: neither pings nor bytes of an unfinished event do.
 */
public final class Deadlines {
  private final long connectNanos;
  private final long firstTokenNanos;
  private final long idleNanos;
  private final long totalNanos;
  private final boolean stream;

  /** Deadlines of a request; an answer in one piece has no token deadlines. */
  public Deadlines(Timeouts timeouts, boolean stream) {
    this.connectNanos = nanos(timeouts.connect());
    this.firstTokenNanos = nanos(timeouts.firstToken());
    this.idleNanos = nanos(timeouts.idle());
    this.totalNanos = nanos(timeouts.total());
    this.stream = stream;
  }

  /**
   * A deadline that passed.
   *
   * @param outcome the class of a request that missed it
   * @param text its constant text
   */
  public record Missed(Outcome outcome, String text) {}

  /** The nearest deadline in force. */
  public long nextAt(long sentAt, boolean connected, ReplyReader reader) {
    long total = sentAt + totalNanos;
    long nearest;
    if (!connected) {
      nearest = sentAt + connectNanos;
    } else if (!stream) {
      nearest = total;
    } else if (!reader.hasToken()) {
      nearest = sentAt + firstTokenNanos;
    } else {
      nearest = reader.lastTokenAtNanos() + idleNanos;
    }
    return nearest - total < 0 ? nearest : total;
  }

  /** The deadline that has passed at {@code now}; {@code null} if none has. */
  public @Nullable Missed missedAt(long now, long sentAt, boolean connected, ReplyReader reader) {
    if (now - (sentAt + totalNanos) >= 0) {
      return new Missed(Outcome.TOTAL_TIMEOUT, FailureTexts.TOTAL_TIMEOUT);
    }
    if (now - nextAt(sentAt, connected, reader) < 0) {
      return null;
    }
    if (!connected) {
      return new Missed(Outcome.CONNECT, FailureTexts.CONNECT_TIMEOUT);
    }
    return reader.hasToken()
        ? new Missed(Outcome.IDLE_TIMEOUT, FailureTexts.IDLE_TIMEOUT)
        : new Missed(Outcome.FIRST_TOKEN_TIMEOUT, FailureTexts.FIRST_TOKEN_TIMEOUT);
  }

  private static long nanos(Duration duration) {
    long cap = Duration.ofDays(365).toNanos();
    return duration.compareTo(Duration.ofDays(365)) > 0 ? cap : duration.toNanos();
  }
}
