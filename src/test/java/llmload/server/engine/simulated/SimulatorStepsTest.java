package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import llmload.server.engine.EngineException;
import llmload.server.engine.EngineFigures;
import org.junit.jupiter.api.Test;

/**
 * Common steps in virtual time, every expected moment by hand: 1 ms a prompt token, 5 ms a step and
 * 1 ms for each further answer in it, 10 ms before the queue, at most 100 tokens a step.
 */
class SimulatorStepsTest extends SimulatorContract {
  private static final String[] STEPS = {"maxBatchedTokens", "100", "maxBatch", "10"};

  @Test
  void longPrompt_takesAStepForEachBudget() {
    simulator(STEPS);
    Noting sink = new Noting();
    submit(prompt(250, 0), 3, sink);
    runUntil(9);
    assertThat(figures().waitingCount()).isEqualTo(1);
    assertThat(figures().runningCount()).isZero();

    runUntil(1_000);

    // 10 ms, then 5 + 100, 5 + 100 and 5 + 50 ms: 275 ms. Then 5 ms a step.
    assertThat(sink.tokens).containsExactly(275L, 280L, 285L);
    // Steps of 100, 100, 50, 1 and 1 tokens: 50 is above 2^5, 100 above 2^6.
    EngineFigures.Steps steps = figures().steps();
    assertThat(steps).isNotNull();
    assertThat(steps.stepCount()).isEqualTo(5);
    assertThat(steps.tokenCount()).isEqualTo(252);
    assertThat(steps.countBySize().subList(0, 9))
        .isEqualTo(List.of(2L, 0L, 0L, 0L, 0L, 0L, 1L, 2L, 0L));
  }

  @Test
  void prompt_slowsTheAnswersInItsSteps() {
    simulator(STEPS);
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(10, 0), 5, first);
    runUntil(12);
    submit(prompt(150, 500), 2, second);

    runUntil(1_000);

    // The first: queue at 10 ms, a step of 5 + 10 ms. The second is in the queue at 22 ms and gets
    // 99 tokens of the step from 25 ms on, which takes 5 + 99 ms, and the other 51 in the next, of
    // 5 + 51 ms. Then both take 5 + 1 ms, and the one that is left 5 ms.
    assertThat(first.tokens).containsExactly(25L, 129L, 185L, 191L, 196L);
    assertThat(second.tokens).containsExactly(185L, 191L);
  }

  @Test
  void promptsTogether_shareAStepInTheirOrder() {
    simulator(STEPS);
    Noting first = new Noting();
    Noting second = new Noting();
    runUntil(5);
    submit(prompt(60, 0), 2, first);
    submit(prompt(60, 500), 1, second);

    runUntil(1_000);

    // The queue's first is there a moment before the other: its step, from 15 ms, is its own, of
    // 5 + 60 ms. The next holds its second token and the other's prompt: 5 + 60 ms.
    assertThat(first.tokens).containsExactly(80L, 145L);
    assertThat(second.tokens).containsExactly(145L);
  }

  @Test
  void promptsThatWaited_fillTheBudgetFirstComeFirst() {
    simulator(STEPS);
    Noting busy = new Noting();
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(100, 0), 1, busy);
    runUntil(20);
    submit(prompt(60, 500), 2, first);
    submit(prompt(60, 900), 1, second);

    runUntil(1_000);

    // Busy until 10 + 5 + 100 = 115 ms. Then 60 + 40 tokens, 105 ms; then an answer and 20 tokens.
    assertThat(busy.tokens).containsExactly(115L);
    assertThat(first.tokens).containsExactly(220L, 245L);
    assertThat(second.tokens).containsExactly(245L);
  }

  @Test
  void repeatedPrefix_isNotComputedAgain() {
    simulator("maxBatchedTokens", "100", "maxBatch", "10", "kvBlocks", "100");
    Noting second = new Noting();
    submit(prompt(100, 0), 1, new Noting());
    runUntil(200);
    submit(prompt(100, 0), 1, second);

    runUntil(1_000);

    // 6 blocks of 16 are known: 4 tokens are left, after 10 ms, in a step of 5 + 4 ms.
    assertThat(second.tokens).containsExactly(219L);
  }

  @Test
  void cacheThatFills_putsTheLastAdmittedBackAndResumesIt() {
    simulator("maxBatchedTokens", "100", "maxBatch", "10", "kvBlocks", "4", "prefixCache", "false");
    Noting first = new Noting();
    Noting second = new Noting();
    submit(prompt(31, 0), 4, first);
    submit(prompt(31, 500), 4, second);

    runUntil(1_000);

    // The first's step: 10 + 5 + 31 = 46 ms. The next: its second token, the 33rd in all, which
    // needs a third block, and the other's prompt: 5 + 31 ms, 82 ms. There is none, so that the
    // other goes back before its first token. Then 87 and 92 ms, the end; then 31 + 5 ms, and 5
    // each.
    assertThat(first.tokens).containsExactly(46L, 82L, 87L, 92L);
    assertThat(second.tokens).containsExactly(128L, 133L, 138L, 143L);
    assertThat(cache().preemptionCount()).isEqualTo(1);
    assertThat(cache().recomputedTokens()).isEqualTo(31);
  }

  @Test
  void withdrawn_leavesTheStepToItsEnd() {
    Simulator tested = simulator(STEPS);
    Noting gone = new Noting();
    Noting next = new Noting();
    SimulatedSequence early = submit(prompt(10, 0), 5, gone);
    SimulatedSequence running = submit(prompt(50, 100), 5, gone);
    tested.withdraw(now, early);
    tested.withdraw(now, early);
    runUntil(20);
    submit(prompt(10, 500), 1, next);
    runUntil(40);

    tested.withdraw(now, running);
    runUntil(1_000);

    // The step of 5 + 50 ms from 10 ms on goes on to 65 ms; then 5 + 10 ms.
    assertThat(gone.tokens).isEmpty();
    assertThat(next.tokens).containsExactly(80L);
    assertThat(figures().waitingCount()).isZero();
    assertThat(figures().runningCount()).isZero();
  }

  @Test
  void chunksOfThree_comeEveryThreeSteps() {
    simulator("maxBatchedTokens", "100", "maxBatch", "10", "tokensPerChunk", "3");
    Noting sink = new Noting();
    submit(prompt(10, 0), 6, sink);

    runUntil(1_000);

    // 10 + 15 ms, then 3 steps of 5 ms, then the 2 that are left.
    assertThat(sink.tokens).containsExactly(25L, 40L, 50L);
    assertThat(sink.counts).containsExactly(1, 3, 2);
  }

  @Test
  void failAll_tellsWhatHasNotArrivedToo() {
    Simulator tested = simulator(STEPS);
    Noting arriving = new Noting();
    Noting running = new Noting();
    submit(prompt(10, 0), 5, running);
    runUntil(12);
    submit(prompt(10, 0), 5, arriving);

    tested.failAll(new EngineException("over"));

    assertThat(arriving.fault).isNotNull();
    assertThat(running.fault).isNotNull();
    assertThat(figures().waitingCount()).isZero();
  }
}
