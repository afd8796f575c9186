package llmload.server.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import llmload.server.engine.EngineException;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.FinishReason;
import llmload.server.engine.GenerationResult;
import llmload.server.engine.TokenSink;
import org.jspecify.annotations.Nullable;

/** What the tests of the scheduler share: virtual time, and a sink that notes when tokens came. */
abstract class SimulatorContract {
  static final long MS = 1_000_000;

  /**
   * 1,000 prompt tokens a second, 10 ms base, a step of 5 ms and 1 ms for each further sequence.
   */
  private static final Map<String, String> BASE =
      Map.of(
          "prefillTokensPerSecond", "1000",
          "ttftBase", "10ms",
          "decodeStep", "5ms",
          "decodeStepPerSequence", "1ms");

  final SimulatedText text = new SimulatedText(false);
  @Nullable Simulator simulator;
  long now;

  /** Notes when each token came, in milliseconds. */
  final class Noting implements TokenSink {
    final List<Long> begun = new ArrayList<>();
    final List<Long> tokens = new ArrayList<>();
    final List<Integer> counts = new ArrayList<>();
    final StringBuilder said = new StringBuilder();
    int wanted = Integer.MAX_VALUE;
    @Nullable GenerationResult result;
    @Nullable EngineException fault;

    @Override
    public void begun() {
      begun.add(now / MS);
    }

    @Override
    public void announced() {
      said.append('!');
    }

    @Override
    public boolean accept(Part part, String piece, int tokenCount) {
      tokens.add(now / MS);
      counts.add(tokenCount);
      said.append(part.name().charAt(0));
      return tokens.size() < wanted;
    }

    @Override
    public void ended(GenerationResult ended) {
      result = ended;
    }

    @Override
    public void failed(EngineException failed) {
      fault = failed;
    }
  }

  final Simulator simulator(String... more) {
    Map<String, String> settings = new LinkedHashMap<>(BASE);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    simulator = new Simulator(SimulatedSettings.of(settings));
    return simulator;
  }

  static int[] prompt(int count, int first) {
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = first + i;
    }
    return tokens;
  }

  private SimulatedSequence sequence(int[] prompt, int answerCount, TokenSink sink) {
    Answer answer =
        new Answer(text, 1, 0, answerCount, answerCount, null, false, FinishReason.LENGTH);
    return new SimulatedSequence(prompt, answer, false, new SplittableRandom(7), sink);
  }

  final SimulatedSequence submit(int[] prompt, int answerCount, TokenSink sink) {
    SimulatedSequence sequence = sequence(prompt, answerCount, sink);
    if (simulator != null) {
      simulator.submit(now, sequence);
    }
    return sequence;
  }

  final void runUntil(long untilMillis) {
    if (simulator == null) {
      return;
    }
    for (long next = simulator.advance(now, 1);
        next != Simulator.NEVER && next <= untilMillis * MS;
        next = simulator.advance(now, 1)) {
      now = Math.max(now, next);
    }
    now = untilMillis * MS;
  }

  final EngineFigures figures() {
    assertThat(simulator).isNotNull();
    return simulator.figures();
  }

  final EngineFigures.Cache cache() {
    EngineFigures.Cache cache = figures().cache();
    assertThat(cache).isNotNull();
    return cache;
  }
}
