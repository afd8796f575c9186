package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.FinishReason;
import llmload.server.engine.GenerationResult;
import org.junit.jupiter.api.Test;

/** The scheduler in virtual time: every expected moment is worked out by hand from the formulas. */
class SimulatorTest extends SimulatorContract {
  @Test
  void oneRequest_takesBasePromptAndSteps() {
    simulator();
    Noting sink = new Noting();
    submit(prompt(100, 0), 3, sink);

    runUntil(1_000);

    // 100 tokens at 1,000/s are 100 ms, the base 10 ms; then 5 ms a step alone.
    assertThat(sink.tokens).containsExactly(110L, 115L, 120L);
    assertThat(sink.result).isEqualTo(new GenerationResult(FinishReason.LENGTH, 3, null, null));
  }

  @Test
  void suitePreset_isTenAndFiveMilliseconds_whateverTheLoad() {
    simulator = new Simulator(SimulatedSettings.of(Map.of()));
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(5_000, 0), 4, first);
    submit(prompt(1, 0), 4, second);

    runUntil(1_000);

    assertThat(first.tokens).containsExactly(10L, 15L, 20L, 25L);
    assertThat(second.tokens).containsExactly(10L, 15L, 20L, 25L);
  }

  @Test
  void prompts_areComputedOneAfterTheOther() {
    simulator();
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(100, 0), 1, first);
    submit(prompt(50, 0), 1, second);

    runUntil(1_000);

    assertThat(first.tokens).containsExactly(110L);
    // Its prompt is computed from 100 ms to 150 ms.
    assertThat(second.tokens).containsExactly(160L);
  }

  @Test
  void batch_ofTwo_slowsEachStepAsStated() {
    simulator("prefillTokensPerSecond", "1000000");
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(1, 0), 4, first);
    runUntil(11);
    submit(prompt(1, 0), 2, second);

    runUntil(1_000);

    // First token at 10.001 ms, then one step alone of 5 ms: 15 ms. The next token is due at 20 ms,
    // still alone; the second request's first token comes at 21 ms, so that the step from 20 ms
    // was begun alone and ends at 25 ms, and the second's step of 5 + 1 ms ends at 27 ms.
    assertThat(first.tokens).containsExactly(10L, 15L, 20L, 25L);
    assertThat(second.tokens).containsExactly(21L, 27L);
  }

  @Test
  void requests_beyondTheBatch_waitForAPlace() {
    simulator("maxBatch", "1");
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(10, 0), 2, first);
    submit(prompt(10, 0), 1, second);
    assertThat(figures().waitingCount()).isEqualTo(1);

    runUntil(1_000);

    // 10 ms prompt, 10 ms base, 5 ms step: the place is free at 25 ms.
    assertThat(first.tokens).containsExactly(20L, 25L);
    assertThat(second.begun).containsExactly(25L);
    assertThat(second.tokens).containsExactly(45L);
  }

  @Test
  void chunksOfThree_comeEveryThreeSteps() {
    simulator("tokensPerChunk", "3");
    Noting sink = new Noting();
    submit(prompt(10, 0), 6, sink);

    runUntil(1_000);

    // The first token alone, then 3 steps of 5 ms, then the 2 that are left.
    assertThat(sink.tokens).containsExactly(20L, 35L, 45L);
    assertThat(sink.counts).containsExactly(1, 3, 2);
  }

  @Test
  void draftsThatAreAllAccepted_giveOneMoreThanTheDraftEachStep() {
    simulator("draftTokens", "3", "acceptance", "1");
    Noting sink = new Noting();
    submit(prompt(10, 0), 9, sink);

    runUntil(1_000);

    assertThat(sink.tokens).containsExactly(20L, 25L, 30L);
    assertThat(sink.counts).containsExactly(1, 4, 4);
    assertThat(figures().speculation()).isEqualTo(new EngineFigures.Speculation(2, 6, 6));
  }

  @Test
  void sinkThatDeclines_endsTheSequenceAndFreesItsPlace() {
    simulator("maxBatch", "1");
    Noting first = new Noting();
    first.wanted = 2;
    Noting second = new Noting();
    submit(prompt(10, 0), 100, first);
    submit(prompt(10, 0), 1, second);

    runUntil(1_000);

    assertThat(first.tokens).containsExactly(20L, 25L);
    assertThat(first.result).isNotNull();
    assertThat(first.result.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(second.begun).containsExactly(25L);
  }

  @Test
  void withdrawn_waitingOrRunning_saysNothingMoreAndFreesItsPlace() {
    Simulator tested = simulator("maxBatch", "1", "kvBlocks", "10");
    Noting first = new Noting();
    Noting second = new Noting();
    Noting third = new Noting();
    SimulatedSequence running = submit(prompt(10, 0), 100, first);
    SimulatedSequence waiting = submit(prompt(10, 20), 100, second);
    submit(prompt(10, 40), 1, third);
    runUntil(22);

    tested.withdraw(now, waiting);
    tested.withdraw(now, running);
    tested.withdraw(now, running);
    runUntil(1_000);

    assertThat(first.tokens).containsExactly(20L);
    assertThat(first.result).isNull();
    assertThat(second.tokens).isEmpty();
    assertThat(third.begun).containsExactly(22L);
    assertThat(figures().runningCount()).isZero();
    assertThat(cache().usedBlockCount()).isZero();
  }

  @Test
  void lateCaller_findsLaterTokensWhereTheyBelong() {
    Simulator tested = simulator();
    Noting sink = new Noting();
    submit(prompt(100, 0), 3, sink);

    // 110 and 115 ms are past; 120 ms is where it would have been.
    assertThat(tested.advance(117 * MS, 100)).isEqualTo(120 * MS);
  }

  @Test
  void limit_stopsInTheMiddleAndSaysWhatIsDue() {
    Simulator tested = simulator();
    submit(prompt(100, 0), 3, new Noting());

    assertThat(tested.advance(1_000 * MS, 1)).isEqualTo(115 * MS);
    assertThat(tested.advance(1_000 * MS, 5)).isEqualTo(Simulator.NEVER);
  }

  @Test
  void answerWithReasoning_saysItFirst() {
    simulator();
    Noting sink = new Noting();
    Answer answer = new Answer(text, 1, 2, 5, 5, null, true, FinishReason.TOOL_CALLS);
    SimulatedSequence sequence =
        new SimulatedSequence(prompt(10, 0), answer, false, new SplittableRandom(7), sink);
    if (simulator != null) {
      simulator.submit(now, sequence);
    }

    runUntil(1_000);

    assertThat(sink.said).hasToString("RRTTT");
    assertThat(sink.result).isEqualTo(new GenerationResult(FinishReason.TOOL_CALLS, 5, 2, null));
  }

  @Test
  void failing_failsWhereItsFirstTokenWouldCome() {
    simulator("roleEarly", "true");
    Noting sink = new Noting();
    Answer answer = new Answer(text, 1, 0, 5, 5, null, false, FinishReason.STOP);
    if (simulator != null) {
      simulator.submit(
          now, new SimulatedSequence(prompt(10, 0), answer, true, new SplittableRandom(7), sink));
    }
    assertThat(sink.said).hasToString("!");
    runUntil(19);
    assertThat(sink.fault).isNull();

    runUntil(20);

    assertThat(sink.fault).isNotNull();
    assertThat(figures().runningCount()).isZero();
  }
}
