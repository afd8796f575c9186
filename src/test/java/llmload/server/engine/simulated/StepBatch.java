package llmload.server.engine.simulated;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.simulated.SimulatedSequence.State;

/**
 * The steps of an engine that computes prompts and answers together: in each, a token of every
 * answer and, in what the step's budget leaves, pieces of prompts, first come first served.
 */
final class StepBatch {
  private final LatencyModel latency;
  private final int budgetTokens;
  private final int tokensPerAnswer;
  private final RandomGenerator random;
  private final long[] countBySize = new long[EngineFigures.Steps.SIZES];
  private boolean anyYet;
  private boolean underWay;
  private long endNanos;
  private long stepCount;
  private long tokenCount;

  /**
   * @param budgetTokens the most tokens of a step
   * @param tokensPerAnswer what an answer takes of them: its next token and those drafted
   * @param random of the noise
   */
  StepBatch(LatencyModel latency, int budgetTokens, int tokensPerAnswer, RandomGenerator random) {
    this.latency = latency;
    this.budgetTokens = budgetTokens;
    this.tokensPerAnswer = tokensPerAnswer;
    this.random = random;
  }

  /** Whether a step has begun and not ended. */
  boolean underWay() {
    return underWay;
  }

  /** When it ends. */
  long endNanos() {
    return endNanos;
  }

  /**
   * Begins a step of what runs, or none if nothing does; each sequence keeps its share.
   *
   * @param atNanos now; a step that nobody waits for any more still ends when it would have
   */
  void begin(List<SimulatedSequence> running, long atNanos) {
    int answers = 0;
    for (SimulatedSequence sequence : running) {
      if (sequence.state == State.DECODE) {
        sequence.shareTokens = 1;
        answers++;
      }
    }
    int left = budgetTokens - answers * tokensPerAnswer;
    int promptTokens = 0;
    for (SimulatedSequence sequence : running) {
      if (sequence.state == State.PREFILL) {
        sequence.shareTokens = Math.min(sequence.uncomputedCount, left - promptTokens);
        promptTokens += sequence.shareTokens;
      }
    }
    if (answers + promptTokens == 0) {
      return;
    }
    long start = anyYet && endNanos - atNanos > 0 ? endNanos : atNanos;
    anyYet = true;
    underWay = true;
    endNanos =
        start
            + latency.stepsNanos(Math.max(1, answers), 1, random)
            + latency.prefillNanos(promptTokens);
    count(answers * tokensPerAnswer + promptTokens);
  }

  /** Ends the step. */
  void end() {
    underWay = false;
  }

  /** What was done so far. */
  EngineFigures.Steps figures() {
    return new EngineFigures.Steps(
        stepCount, tokenCount, Arrays.stream(countBySize).boxed().toList());
  }

  private void count(int tokens) {
    stepCount++;
    tokenCount += tokens;
    // The least k with tokens <= 2^k.
    countBySize[Integer.SIZE - Integer.numberOfLeadingZeros(tokens - 1)]++;
  }
}
