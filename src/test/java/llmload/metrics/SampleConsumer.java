package llmload.metrics;

/** Takes samples one value at a time, each with the number of times it counts. */
@FunctionalInterface
public interface SampleConsumer {
  /** Takes {@code value}, which counts {@code weight} times; the weight is at least 1. */
  void accept(double value, long weight);
}
