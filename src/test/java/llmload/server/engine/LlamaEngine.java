package llmload.server.engine;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A real engine: llama.cpp inside this process, with the model that ships with the project.
 *
 * <p>All slots share one model and are decoded together, a step at a time, on one native thread. A
 * prompt is taken in within one step, so that a long one holds up the others' tokens for as long as
 * it takes, as a llama.cpp server does by default. A prompt's start that a slot still holds is not
 * computed again, except for requests with a seed: reuse changes the last bits of the numbers, and
 * then the same seed could give another text. So do tokens of others in one step, and what other
 * slots left in the cache they share: the same seed surely gives the same text only with one slot.
 * The binding does not tell how much was reused.
 *
 * <p>Native threads outlive {@link #close}: a process that has loaded the engine must end by {@link
 * System#exit}.
 */
public final class LlamaEngine implements Engine {
  private static final String MODEL_RESOURCE = "/models/tiny-kjv.gguf";
  private static final String MODEL_NAME = "tiny-kjv";
  private static final String SCRATCH_PROPERTY = "de.kherud.llama.tmpdir";

  private final LlamaModel model;
  private final int contextTokenCount;
  private final long loadNanos;
  private final TokenRing ring = new TokenRing(System::nanoTime);
  private final Thread ringThread;
  private final SlotQueue slots;
  private final AtomicBoolean closed = new AtomicBoolean();
  // The native model must not go while another thread is counting tokens with it.
  private final ReadWriteLock life = new ReentrantReadWriteLock();

  private LlamaEngine(LlamaModel model, int slotCount, int contextTokenCount, long loadNanos) {
    this.model = model;
    this.loadNanos = loadNanos;
    slots = new SlotQueue(slotCount);
    this.contextTokenCount = contextTokenCount;
    ringThread = new Thread(ring, "llama-tokens");
    ringThread.setDaemon(true);
  }

  /**
   * Loads the library and the model.
   *
   * @param slotCount sequences that are decoded together
   * @param contextTokenCount tokens of each, prompt and answer together
   * @param threadCount native threads of a step; more than the free cores slows every step
   * @throws EngineException if either cannot be loaded
   */
  @SuppressWarnings("SystemOut") // the binding's own announcement is kept off the caller's output
  public static LlamaEngine load(int slotCount, int contextTokenCount, int threadCount) {
    PrintStream out = System.out;
    try (ModelFile file = ModelFile.of(MODEL_RESOURCE)) {
      System.setProperty(SCRATCH_PROPERTY, file.scratch().toString());
      System.setOut(System.err);
      int totalTokenCount = slotCount * contextTokenCount;
      ModelParameters parameters =
          new ModelParameters()
              .setModel(file.model().toString())
              .setThreads(threadCount)
              .setThreadsBatch(threadCount)
              .setParallel(slotCount)
              .setCtxSize(totalTokenCount)
              // A step takes every prompt whole: the ring expects a token from each slot a step.
              .setBatchSize(totalTokenCount)
              .disableContextShift()
              .disableLog();
      long begunNanos = System.nanoTime();
      LlamaModel model = new LlamaModel(parameters);
      LlamaEngine engine =
          new LlamaEngine(model, slotCount, contextTokenCount, System.nanoTime() - begunNanos);
      engine.ringThread.start();
      return engine;
    } catch (RuntimeException | LinkageError e) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "engine llama: Expecting a loadable library and model on %s %s. Found: %s.",
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              EngineException.firstLine(e)),
          e);
    } finally {
      System.setOut(out);
    }
  }

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public String modelName() {
    return MODEL_NAME;
  }

  @Override
  public int contextTokenCount() {
    return contextTokenCount;
  }

  @Override
  public int[] tokenize(String text) {
    life.readLock().lock();
    try {
      requireOpen();
      return model.encode(text);
    } finally {
      life.readLock().unlock();
    }
  }

  @Override
  public String chatPrompt(List<ChatMessage> messages) {
    return ChatMl.prompt(messages);
  }

  @Override
  public boolean knowsLeastLengths() {
    return false;
  }

  @Override
  public boolean knowsTools() {
    return false;
  }

  @Override
  public Generation submit(GenerationSpec spec, long arrivedNanos, TokenSink sink) {
    int roomTokenCount = contextTokenCount - tokenize(spec.prompt()).length;
    if (roomTokenCount < 1) {
      throw new IllegalArgumentException(
          "prompt: Expecting fewer than %d tokens. Found: %d."
              .formatted(contextTokenCount, contextTokenCount - roomTokenCount));
    }
    int limit = Math.min(spec.maxTokenCount(), roomTokenCount);
    LlamaSequence sequence =
        new LlamaSequence(model, parameters(spec, limit), limit, sink, slots::free);
    Runnable work = () -> ring.add(sequence);
    slots.add(work);
    return () -> {
      if (!slots.remove(work)) {
        sequence.withdraw();
      }
    };
  }

  @Override
  public EngineFigures figures() {
    return new EngineFigures(
        slots.runningCount(), slots.waitingCount(), loadNanos, null, null, null);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    ring.close(ringThread);
    boolean interrupted = false;
    while (ringThread.isAlive()) {
      try {
        ringThread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    life.writeLock().lock();
    try {
      model.close();
    } finally {
      life.writeLock().unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new EngineException("engine llama: closed", new IllegalStateException("closed"));
    }
  }

  private static InferenceParameters parameters(GenerationSpec spec, int limit) {
    GenerationSpec.Sampling sampling = spec.sampling();
    InferenceParameters parameters =
        new InferenceParameters(spec.prompt())
            .setNPredict(limit)
            .setCachePrompt(sampling.seedIfAny().isEmpty());
    sampling.seedIfAny().ifPresent(parameters::setSeed);
    if (sampling.temperature() != null) {
      parameters.setTemperature(sampling.temperature().floatValue());
    }
    if (sampling.topP() != null) {
      parameters.setTopP(sampling.topP().floatValue());
    }
    if (sampling.topK() != null) {
      parameters.setTopK(sampling.topK());
    }
    if (sampling.presencePenalty() != null) {
      parameters.setPresencePenalty(sampling.presencePenalty().floatValue());
    }
    if (sampling.frequencyPenalty() != null) {
      parameters.setFrequencyPenalty(sampling.frequencyPenalty().floatValue());
    }
    // A least length that is the limit is all that the binding can hold: no end token at all.
    if (spec.ignoreEos() || spec.minTokenCount() == spec.maxTokenCount()) {
      parameters.setIgnoreEos(true);
    }
    JsonShape shape = spec.shape();
    if (shape != null) {
      parameters.setGrammar(JsonGrammar.of(shape));
    }
    return parameters;
  }
}
