package llmload.wire;

import java.util.Set;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.ServerTimings;
import llmload.wire.Frame.Channel;
import org.jspecify.annotations.Nullable;

/** The moments of one answer, each noted once; readings of {@link System#nanoTime()}. */
final class ReplyMoments {
  private @Nullable Long firstByte;
  private @Nullable Long firstEvent;
  private @Nullable Long role;
  private @Nullable Long firstReasoning;
  private @Nullable Long firstContent;
  private @Nullable Long firstToolCall;
  private @Nullable Long endMark;
  private boolean hasToken;
  private long lastToken;

  void byteAt(long at) {
    // Asked at every read: no store where nothing changes.
    if (firstByte == null) {
      firstByte = at;
    }
  }

  void eventAt(long at) {
    firstEvent = first(firstEvent, at);
  }

  void roleAt(long at) {
    role = first(role, at);
  }

  void endMarkAt(long at) {
    endMark = at;
  }

  /** A token in a channel that had one before. */
  void tokenAt(long at) {
    hasToken = true;
    lastToken = at;
  }

  /** The tokens of a frame. */
  void tokenAt(long at, Frame frame) {
    tokenAt(at);
    if (frame.chars(Channel.REASONING) > 0) {
      firstReasoning = first(firstReasoning, at);
    }
    if (frame.chars(Channel.CONTENT) > 0) {
      firstContent = first(firstContent, at);
    }
    if (frame.chars(Channel.TOOL_CALL) > 0) {
      firstToolCall = first(firstToolCall, at);
    }
  }

  boolean hasReasoning() {
    return firstReasoning != null;
  }

  long lastTokenAtNanos() {
    return lastToken;
  }

  private static Long first(@Nullable Long before, long at) {
    return before == null ? Long.valueOf(at) : before;
  }

  /** How an answer ended, and what the work on it took by the server's own word. */
  record Ending(
      Outcome outcome,
      @Nullable String message,
      @Nullable String finishReason,
      ServerTimings timings) {}

  /** What an answer held. */
  record Body(String text, String reasoning, long bytesReceived) {}

  /** The answer with these moments. */
  Reply reply(Ending ending, long[] chunkAtNanos, TokenSpread spread, Set<Flag> flags, Body body) {
    return new Reply(
        ending.outcome(),
        ending.message(),
        firstByte,
        firstEvent,
        role,
        firstReasoning,
        firstContent,
        firstToolCall,
        hasToken ? Long.valueOf(lastToken) : null,
        endMark,
        chunkAtNanos,
        spread.tokens(),
        ending.finishReason(),
        spread.usage(),
        ending.timings(),
        flags,
        body.text(),
        body.reasoning(),
        body.bytesReceived());
  }
}
