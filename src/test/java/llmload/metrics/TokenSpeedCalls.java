package llmload.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import llmload.model.Phase;
import llmload.model.RequestRecord;

/**
 * Puts the measured requests of the token speed suite together into calls.
 *
 * <p>Single requests are handed on at once; those of a batch when {@link #finish} is called, since
 * their records come in any order. One thread.
 */
public final class TokenSpeedCalls {
  private final Consumer<TokenSpeedCall> sink;
  private final Map<String, TokenSpeedCall> batches = new LinkedHashMap<>();

  /** Calls go to {@code sink}. */
  public TokenSpeedCalls(Consumer<TokenSpeedCall> sink) {
    this.sink = sink;
  }

  /** Takes one request; a warm-up request and one that generates nothing are passed over. */
  public void accept(RequestRecord request) {
    if (request.phase() == Phase.WARMUP || !request.isGeneration()) {
      return;
    }
    TokenSpeedCall call = TokenSpeedCall.of(request);
    String wave = TokenSpeedCall.wave(request);
    if (wave == null) {
      sink.accept(call);
    } else {
      batches.merge(request.request() + " " + wave, call, TokenSpeedCall::with);
    }
  }

  /** Hands on what is left; the last call. */
  public void finish() {
    batches.values().forEach(sink);
    batches.clear();
  }
}
