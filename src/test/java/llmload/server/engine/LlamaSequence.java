package llmload.server.engine;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One generation of llama.cpp.
 *
 * <p>The binding gives one output a token, each with whole characters (a token that ends inside a
 * character is held back, so the next output carries both), an empty one for the end token, and one
 * more empty output that is no token. It tells neither counts nor a reason: both are worked out
 * here.
 */
final class LlamaSequence implements TokenRing.Sequence {
  private final LlamaModel model;
  private final InferenceParameters parameters;
  private final int maxTokenCount;
  private final TokenSink sink;
  private final Runnable whenOver;
  private @Nullable LlamaIterator outputs;
  private int tokenCount;
  private boolean endToken;
  private boolean over;
  private volatile boolean withdrawn;

  /**
   * @param whenOver runs on the ring's thread when the engine is done with the sequence
   */
  LlamaSequence(
      LlamaModel model,
      InferenceParameters parameters,
      int maxTokenCount,
      TokenSink sink,
      Runnable whenOver) {
    this.model = model;
    this.parameters = parameters;
    this.maxTokenCount = maxTokenCount;
    this.sink = sink;
    this.whenOver = whenOver;
  }

  /** Ends the sequence at its next token. */
  void withdraw() {
    withdrawn = true;
  }

  @Override
  public void begin() {
    sink.begun();
    outputs = model.generate(parameters).iterator();
  }

  @Override
  public boolean advance() {
    LlamaIterator iterator = Objects.requireNonNull(outputs);
    LlamaOutput output = iterator.next();
    if (!iterator.hasNext()) {
      over(ended());
      return false;
    }
    int tokens = tokensIn(output.text);
    tokenCount += tokens;
    endToken = output.text.isEmpty();
    if (!withdrawn && sink.accept(TokenSink.Part.CONTENT, output.text, tokens)) {
      return true;
    }
    iterator.cancel();
    over(GenerationResult.of(FinishReason.CANCELLED, tokenCount));
    return false;
  }

  @Override
  public void fail(RuntimeException fault) {
    if (outputs != null) {
      outputs.cancel();
    }
    EngineException told =
        new EngineException("engine llama: " + EngineException.firstLine(fault), fault);
    end(() -> sink.failed(told));
  }

  private void over(GenerationResult result) {
    end(() -> sink.ended(result));
  }

  /** Once only: a sink that throws at its end must not free the slot twice. */
  private void end(Runnable tell) {
    if (over) {
      return;
    }
    over = true;
    try {
      tell.run();
    } finally {
      whenOver.run();
    }
  }

  private GenerationResult ended() {
    if (endToken) {
      return GenerationResult.of(FinishReason.STOP, tokenCount);
    }
    // A limit that falls inside a character leaves its first bytes unsent but generated.
    return GenerationResult.of(FinishReason.LENGTH, Math.max(tokenCount, maxTokenCount));
  }

  private int tokensIn(String text) {
    boolean oneByteEach = text.length() == text.getBytes(StandardCharsets.UTF_8).length;
    return oneByteEach ? 1 : Math.max(1, model.encode(text).length);
  }
}
