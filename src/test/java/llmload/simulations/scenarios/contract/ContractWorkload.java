package llmload.simulations.scenarios.contract;

import org.jspecify.annotations.Nullable;

/**
 * One workload of a contract: requests of one declared size.
 *
 * @param name the request's name, a scope of the report
 * @param kind what it is there to show, in a word: {@code short}, {@code long}, {@code stress} ...
 * @param promptTokens the declared length of each prompt, chat template included
 * @param maxTokens the declared length of each answer
 * @param requestCount measured requests
 * @param concurrencyCount requests in flight at once; 1 sends one after the other
 * @param warmUpRounds rounds of {@code concurrencyCount} requests that are sent first
 * @param turnCount messages of each prompt: 1, or 3 for a question after an earlier exchange
 * @param sampling what its requests say besides
 * @param kvBudgetTokens the size of the key-value cache that it is meant for; {@code null} if none
 *     is stated
 */
public record ContractWorkload(
    String name,
    String kind,
    int promptTokens,
    int maxTokens,
    int requestCount,
    int concurrencyCount,
    int warmUpRounds,
    int turnCount,
    Sampling sampling,
    @Nullable Integer kvBudgetTokens) {

  private static final int LEAST_TOKENS = 8;

  /**
   * How the server shall sample.
   *
   * @param temperature the temperature; {@code null} for the server's own
   * @param extraBody a JSON object merged over the body; {@code null} for none
   */
  public record Sampling(@Nullable Double temperature, @Nullable String extraBody) {
    static final Sampling OF_SERVER = new Sampling(null, null);
  }

  /** A workload whose requests are sent one after the other. */
  static ContractWorkload sequential(
      String name, String kind, int promptTokens, int maxTokens, int requestCount) {
    return new ContractWorkload(
        name, kind, promptTokens, maxTokens, requestCount, 1, 0, 1, Sampling.OF_SERVER, null);
  }

  /** A workload whose requests are all sent at once. */
  static ContractWorkload atOnce(
      String name, String kind, int promptTokens, int maxTokens, int requestCount) {
    return sequential(name, kind, promptTokens, maxTokens, requestCount).inFlight(requestCount, 0);
  }

  ContractWorkload inFlight(int concurrency, int rounds) {
    return new ContractWorkload(
        name,
        kind,
        promptTokens,
        maxTokens,
        requestCount,
        concurrency,
        rounds,
        turnCount,
        sampling,
        kvBudgetTokens);
  }

  ContractWorkload ofTurns(int turns) {
    return new ContractWorkload(
        name,
        kind,
        promptTokens,
        maxTokens,
        requestCount,
        concurrencyCount,
        warmUpRounds,
        turns,
        sampling,
        kvBudgetTokens);
  }

  ContractWorkload sampled(@Nullable Double temperature, @Nullable String extraBody) {
    return new ContractWorkload(
        name,
        kind,
        promptTokens,
        maxTokens,
        requestCount,
        concurrencyCount,
        warmUpRounds,
        turnCount,
        new Sampling(temperature, extraBody),
        kvBudgetTokens);
  }

  ContractWorkload withKvBudget(int tokens) {
    return new ContractWorkload(
        name,
        kind,
        promptTokens,
        maxTokens,
        requestCount,
        concurrencyCount,
        warmUpRounds,
        turnCount,
        sampling,
        tokens);
  }

  /** The same with lengths times {@code ratio}, rounded, at least {@value #LEAST_TOKENS}. */
  ContractWorkload scaled(double ratio) {
    return new ContractWorkload(
        name,
        kind,
        scaled(promptTokens, ratio),
        scaled(maxTokens, ratio),
        requestCount,
        concurrencyCount,
        warmUpRounds,
        turnCount,
        sampling,
        kvBudgetTokens);
  }

  private static int scaled(int tokens, double ratio) {
    return ratio == 1 ? tokens : (int) Math.max(LEAST_TOKENS, Math.round(tokens * ratio));
  }

  /** Whether all its requests are sent at once. */
  public boolean isAtOnce() {
    return requestCount > 1 && concurrencyCount == requestCount;
  }
}
