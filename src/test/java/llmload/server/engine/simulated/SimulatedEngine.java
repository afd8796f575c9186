package llmload.server.engine.simulated;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import llmload.server.agents.SessionStore;
import llmload.server.engine.ChatMessage;
import llmload.server.engine.ChatMl;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineException;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.FinishReason;
import llmload.server.engine.Generation;
import llmload.server.engine.GenerationSpec;
import llmload.server.engine.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * An engine without a model: it says random words at the times that its {@link LatencyModel}
 * states.
 *
 * <p>Everything happens on one executor, the server's event loop by preference, so that no token
 * changes threads on its way out; a stream costs no thread. Due times are absolute: a token that is
 * late makes no other late. Where the loop's timer counts whole milliseconds (no native transport),
 * tokens are up to one millisecond late.
 */
public final class SimulatedEngine implements Engine {
  /** Steps in a row before the executor may do something else. */
  private static final int BURST = 256;

  private final SimulatedSettings settings;
  private final SimulatedText text;
  private final EventExecutor executor;
  private final LongSupplier nanos;
  // Figures are asked for from other threads; everything else comes from the executor.
  private final Object lock = new Object();
  private final Simulator simulator;
  private final SessionStore sessions;
  private @Nullable Future<?> wakeUp;
  private long wakeUpNanos;
  private volatile boolean closed;

  /** An engine on {@code executor}, which the caller owns. */
  public SimulatedEngine(SimulatedSettings settings, EventExecutor executor) {
    this(settings, executor, System::nanoTime);
  }

  SimulatedEngine(SimulatedSettings settings, EventExecutor executor, LongSupplier nanos) {
    this.settings = settings;
    this.executor = executor;
    this.nanos = nanos;
    text = new SimulatedText(settings.multiByte());
    simulator = new Simulator(settings);
    sessions = new SessionStore(settings.sessions(), System::currentTimeMillis);
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public String modelName() {
    return settings.preset();
  }

  @Override
  public int contextTokenCount() {
    return settings.contextTokenCount();
  }

  @Override
  public boolean knowsLeastLengths() {
    return true;
  }

  @Override
  public boolean knowsTools() {
    return true;
  }

  @Override
  public int[] tokenize(String prompt) {
    return SimulatedTokenizer.tokenize(prompt);
  }

  @Override
  public String chatPrompt(List<ChatMessage> messages) {
    return ChatMl.prompt(messages);
  }

  @Override
  public Generation submit(GenerationSpec spec, long arrivedNanos, TokenSink sink) {
    SimulatedSequence sequence = sequence(spec, sink);
    onExecutor(
        () -> {
          if (closed) {
            sink.failed(new EngineException("engine simulated: closed"));
            return;
          }
          run(() -> simulator.submit(arrivedNanos, sequence));
        });
    return () -> {
      try {
        onExecutor(() -> run(() -> simulator.withdraw(nanos.getAsLong(), sequence)));
      } catch (EngineException e) {
        // The executor has ended, and everything on it.
      }
    };
  }

  @Override
  public SessionStore sessions() {
    return sessions;
  }

  @Override
  public EngineFigures figures() {
    synchronized (lock) {
      return simulator.figures();
    }
  }

  @Override
  public void close() {
    closed = true;
    sessions.close();
    try {
      onExecutor(this::failAll);
    } catch (EngineException e) {
      // The executor has ended, and everything on it.
    }
  }

  private void failAll() {
    synchronized (lock) {
      simulator.failAll(new EngineException("engine simulated: closed"));
    }
  }

  private SimulatedSequence sequence(GenerationSpec spec, TokenSink sink) {
    int[] tokens = tokenize(spec.prompt());
    int room = settings.contextTokenCount() - tokens.length;
    if (room < 1) {
      throw new IllegalArgumentException(
          "prompt: Expecting fewer than %d tokens. Found: %d."
              .formatted(settings.contextTokenCount(), tokens.length));
    }
    long seed = Mix.of(settings.seed(), spec.sampling().seedIfAny().orElse(0));
    for (int token : tokens) {
      seed = Mix.of(seed, token);
    }
    SplittableRandom random = new SplittableRandom(seed);
    int limit = Math.min(spec.maxTokenCount(), room);
    int reasoning = settings.reasoningTokens().draw(random, 0);
    int drawn = Math.max(settings.outputTokens().draw(random, 1), spec.minTokenCount() - reasoning);
    JsonScript json = spec.shape() == null ? null : JsonScript.of(spec.shape(), text, seed);
    boolean endless = spec.ignoreEos() && json == null;
    int full = endless ? limit : reasoning + (json == null ? drawn : json.tokenCount());
    FinishReason atEnd = spec.toolCall() ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    Answer answer =
        new Answer(
            text,
            seed,
            Math.min(reasoning, limit),
            full,
            Math.min(full, limit),
            json,
            spec.toolCall(),
            endless || full > limit ? FinishReason.LENGTH : atEnd);
    boolean failing = settings.errorRatio() > 0 && random.nextDouble() < settings.errorRatio();
    SimulatedSequence sequence = new SimulatedSequence(tokens, answer, failing, random, sink);
    sequence.heldCount = spec.heldTokenCount();
    return sequence;
  }

  private void run(Runnable change) {
    synchronized (lock) {
      simulator.advance(nanos.getAsLong(), BURST);
      change.run();
    }
    pump();
  }

  private void pump() {
    if (closed) {
      return;
    }
    long next;
    synchronized (lock) {
      next = simulator.advance(nanos.getAsLong(), BURST);
    }
    if (next == Simulator.NEVER) {
      return;
    }
    long delay = Math.max(0, next - nanos.getAsLong());
    if (wakeUp != null && !wakeUp.isDone()) {
      if (wakeUpNanos - next <= 0) {
        return;
      }
      wakeUp.cancel(false);
    }
    wakeUpNanos = next;
    wakeUp = executor.schedule(this::wake, delay, TimeUnit.NANOSECONDS);
  }

  private void wake() {
    wakeUp = null;
    pump();
  }

  private void onExecutor(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      throw new EngineException("engine simulated: closed", e);
    }
  }
}
