package llmload.server.engine;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
  private @Nullable LlamaIterator outputs;
  private int tokenCount;
  private boolean endToken;

  LlamaSequence(
      LlamaModel model, InferenceParameters parameters, int maxTokenCount, TokenSink sink) {
    this.model = model;
    this.parameters = parameters;
    this.maxTokenCount = maxTokenCount;
    this.sink = sink;
  }

  /** Completes when the sequence has ended. */
  CompletableFuture<GenerationResult> result() {
    return result;
  }

  @Override
  public void begin() {
    outputs = model.generate(parameters).iterator();
  }

  @Override
  public boolean advance() {
    LlamaIterator iterator = Objects.requireNonNull(outputs);
    LlamaOutput output = iterator.next();
    if (!iterator.hasNext()) {
      result.complete(ended());
      return false;
    }
    int tokens = tokensIn(output.text);
    tokenCount += tokens;
    endToken = output.text.isEmpty();
    if (sink.accept(output.text, tokens)) {
      return true;
    }
    iterator.cancel();
    result.complete(new GenerationResult(FinishReason.CANCELLED, tokenCount));
    return false;
  }

  @Override
  public void fail(RuntimeException fault) {
    if (outputs != null) {
      outputs.cancel();
    }
    result.completeExceptionally(fault);
  }

  private GenerationResult ended() {
    if (endToken) {
      return new GenerationResult(FinishReason.STOP, tokenCount);
    }
    // A limit that falls inside a character leaves its first bytes unsent but generated.
    return new GenerationResult(FinishReason.LENGTH, Math.max(tokenCount, maxTokenCount));
  }

  private int tokensIn(String text) {
    boolean oneByteEach = text.length() == text.getBytes(StandardCharsets.UTF_8).length;
    return oneByteEach ? 1 : Math.max(1, model.encode(text).length);
  }
}
