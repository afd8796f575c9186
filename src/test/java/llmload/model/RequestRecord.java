package llmload.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request left behind: one line of {@code requests.jsonl}.
 *
 * @param id unique within the run
 * @param scenario the Gatling scenario
 * @param request the request's name, a scope of the report
 * @param user the virtual user, from 1
 * @param turn the turn of a conversation, from 0
 * @param phase warm-up or measured
 * @param intendedNanos when the plan wanted it sent, since the run's anchor: by the schedule of an
 *     open load, in a closed one when its user was free; {@code null} if a journal does not say
 * @param sentNanos when it was really sent, connecting included, since the run's anchor
 * @param stamps its moments, since {@code sentNanos}
 * @param chunks its token-carrying chunks; empty if the answer was not streamed
 * @param status the HTTP status; {@code null} if no response came
 * @param outcome how it ended
 * @param message what went wrong, redacted and capped; {@code null} if nothing did
 * @param finishReason why the server stopped, in its own word
 * @param usage its token counts
 * @param timings what the work took by the server's own word
 * @param schemaValid whether the answer fits its JSON Schema; {@code null} if not asked
 * @param bytesReceived bytes of the response's body, after the transfer coding is removed
 * @param httpVersion {@code 1.1} or {@code 2}; {@code null} if no connection came
 * @param session the conversation or cache session, if any
 * @param tags further words about it; the keys that the kit writes are {@link Tags}' constants
 */
public record RequestRecord(
    String id,
    String scenario,
    String request,
    int user,
    int turn,
    Phase phase,
    @Nullable Long intendedNanos,
    long sentNanos,
    Stamps stamps,
    ChunkTimeline chunks,
    @Nullable Integer status,
    Outcome outcome,
    @Nullable String message,
    @Nullable String finishReason,
    TokenUsage usage,
    ServerTimings timings,
    @Nullable Boolean schemaValid,
    long bytesReceived,
    @Nullable String httpVersion,
    @Nullable String session,
    Map<String, String> tags) {

  /** Copies {@code tags}. */
  public RequestRecord {
    tags = Map.copyOf(tags);
  }

  /** A record of a request whose answer told nothing of the server's work. */
  public RequestRecord(
      String id,
      String scenario,
      String request,
      int user,
      int turn,
      Phase phase,
      @Nullable Long intendedNanos,
      long sentNanos,
      Stamps stamps,
      ChunkTimeline chunks,
      @Nullable Integer status,
      Outcome outcome,
      @Nullable String message,
      @Nullable String finishReason,
      TokenUsage usage,
      @Nullable Boolean schemaValid,
      long bytesReceived,
      @Nullable String httpVersion,
      @Nullable String session,
      Map<String, String> tags) {
    this(
        id,
        scenario,
        request,
        user,
        turn,
        phase,
        intendedNanos,
        sentNanos,
        stamps,
        chunks,
        status,
        outcome,
        message,
        finishReason,
        usage,
        ServerTimings.NONE,
        schemaValid,
        bytesReceived,
        httpVersion,
        session,
        tags);
  }

  /** Whether the server was asked to generate tokens: the requests of the scope {@code all}. */
  public boolean isGeneration() {
    String kind = tags.get(Tags.KIND);
    for (RequestKind candidate : RequestKind.values()) {
      if (candidate.id().equals(kind)) {
        return candidate.isGeneration();
      }
    }
    return true;
  }

  /** When it ended, in nanoseconds since the run's anchor. */
  public long endedNanos() {
    return sentNanos + stamps.endNanos();
  }
}
