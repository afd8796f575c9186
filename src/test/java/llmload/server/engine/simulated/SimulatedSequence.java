package llmload.server.engine.simulated;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import llmload.server.engine.TokenSink;
import org.jspecify.annotations.Nullable;

/** One generation inside the {@link Simulator}, which alone changes it. */
final class SimulatedSequence {
  /** Where it is. */
  enum State {
    WAITING,
    PREFILL,
    DECODE,
    OVER
  }

  final Answer answer;
  final boolean failing;
  final TokenSink sink;
  final RandomGenerator random;
  final int promptCount;
  State state = State.WAITING;
  KvCache.@Nullable Lease lease;
  int[] tokens;
  int generatedCount;
  @Nullable Integer cachedCount;

  /** Prompt tokens that a session holds; {@code null} if it is of none. */
  @Nullable Integer heldCount;

  /** Tokens of the step under way; each is due when the step is. */
  int stepTokenCount = 1;

  int admissionCount;

  /** Tokens of the prompt that no step has computed yet, where there are common steps. */
  int uncomputedCount;

  /** Common steps until its next tokens go out. */
  int stepsLeftCount;

  /** Its tokens in the common step under way; 0 if it has no part in it. */
  int shareTokens;

  /** Counts the plans for this sequence; an event of an earlier plan is void. */
  int plan;

  /**
   * @param promptTokens handed over
   * @param failing whether it fails where its first token would come
   * @param random of the durations and of speculation
   */
  SimulatedSequence(
      int[] promptTokens, Answer answer, boolean failing, RandomGenerator random, TokenSink sink) {
    this.answer = answer;
    this.failing = failing;
    this.random = random;
    this.sink = sink;
    tokens = promptTokens;
    promptCount = promptTokens.length;
  }

  /** Tokens of prompt and answer so far. */
  int tokenCount() {
    return promptCount + generatedCount;
  }

  /** Tokens still to come. */
  int remainingCount() {
    return answer.limitCount() - generatedCount;
  }

  /** Hands out the next {@code count} tokens; false if the sink wants no more. */
  boolean emit(int count) {
    int end = generatedCount + Math.min(count, remainingCount());
    if (tokens.length < promptCount + end) {
      int capacity = Math.min(promptCount + answer.limitCount(), tokens.length * 2 + 16);
      tokens = Arrays.copyOf(tokens, Math.max(capacity, promptCount + end));
    }
    StringBuilder text = new StringBuilder();
    while (generatedCount < end) {
      int place = generatedCount;
      int partEnd = answer.partEnd(place, end);
      text.setLength(0);
      while (generatedCount < partEnd) {
        tokens[promptCount + generatedCount] = answer.append(generatedCount, text);
        generatedCount++;
      }
      if (!sink.accept(answer.part(place), text.toString(), partEnd - place)) {
        return false;
      }
    }
    return true;
  }
}
