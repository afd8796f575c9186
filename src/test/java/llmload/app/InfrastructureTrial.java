package llmload.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import llmload.tokens.Tokenizer;
import llmload.tokens.TokenizerTrial;
import llmload.tokens.TokenizerTrial.Result;

/**
 * Two tokenizers side by side: each text so many times, and all texts for so long. The first is
 * Java code, the second Rust by way of the native interface.
 */
final class InfrastructureTrial {
  private static final Duration PROGRESS = Duration.ofSeconds(30);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int SECONDS_PER_HOUR = 3600;

  private final Map<String, String> texts;
  private final LongSupplier nanos;
  private final Consumer<String> progress;

  /**
   * A trial of these texts.
   *
   * @param texts by the name that results show
   * @param nanos a monotonic clock
   * @param progress told every half minute of a long trial
   */
  InfrastructureTrial(Map<String, String> texts, LongSupplier nanos, Consumer<String> progress) {
    this.texts = new LinkedHashMap<>(texts);
    this.nanos = nanos;
    this.progress = progress;
  }

  /** Each text {@code count} times by either; the second's results have its speed-up. */
  List<InfrastructureResult> calls(Tokenizer java, Tokenizer rust, int count) {
    List<InfrastructureResult> results = new ArrayList<>();
    texts.forEach(
        (name, text) -> {
          Result first = new TokenizerTrial(java, nanos).calls(text, count);
          Result second = new TokenizerTrial(rust, nanos).calls(text, count);
          boolean same = Arrays.equals(java.encode(text), rust.encode(text));
          results.add(
              result("Tokenizer " + name + " (Java)", java, first, metrics(text, first, same)));
          Map<String, Object> compared = metrics(text, second, same);
          if (second.durationNanos() > 0) {
            compared.put("speedup", (double) first.durationNanos() / second.durationNanos());
          }
          results.add(result("Tokenizer " + name + " (Rust)", rust, second, compared));
        });
    return results;
  }

  private static Map<String, Object> metrics(String text, Result result, boolean same) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    double calls = result.callCount();
    metrics.put("avg_time_us", result.durationNanos() / NANOS_PER_MICRO / calls);
    if (result.tokenCount() > 0) {
      metrics.put("chars_per_token", text.length() * calls / result.tokenCount());
    }
    metrics.put("tokens_per_call", result.tokenCount() / calls);
    metrics.put("same_tokens", same);
    return metrics;
  }

  /** All texts in turn for that long by one of them. */
  InfrastructureResult sustained(String side, Tokenizer tokenizer, Duration time) {
    String name = "Sustained Throughput (" + seconds(time) + "s)";
    List<String> inTurn = List.copyOf(texts.values());
    TokenizerTrial trial = new TokenizerTrial(tokenizer, nanos);
    Result sum = new Result(0, 0, 0);
    long left = time.toNanos();
    while (left > 0) {
      sum = sum.plus(trial.sustained(inTurn, Duration.ofNanos(Math.min(left, PROGRESS.toNanos()))));
      left = time.toNanos() - sum.durationNanos();
      if (left > 0) {
        progress.accept(
            "%s, %s: %d s, %d tokens"
                .formatted(
                    name, side, (long) (sum.durationNanos() / NANOS_PER_SECOND), sum.tokenCount()));
      }
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    double perSecond = sum.tokenCount() / (sum.durationNanos() / NANOS_PER_SECOND);
    metrics.put("tokens_per_minute", perSecond * SECONDS_PER_MINUTE);
    metrics.put("tokens_per_hour", perSecond * SECONDS_PER_HOUR);
    return result(name + " (" + side + ")", tokenizer, sum, metrics);
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() / 1e3);
  }

  private static InfrastructureResult result(
      String name, Tokenizer tokenizer, Result result, Map<String, Object> metrics) {
    return new InfrastructureResult(
        name,
        result.durationNanos() / NANOS_PER_SECOND,
        result.callCount(),
        result.tokenCount(),
        result.tokenCount(),
        null,
        true,
        null,
        metrics,
        tokenizer.name());
  }
}
