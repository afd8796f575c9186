package llmload.simulations.scenarios.tokenspeed;

import org.jspecify.annotations.Nullable;

/**
 * One test of the suite; its name is that of its requests.
 *
 * @param name {@code single_short}, {@code streaming_code_generation}, {@code batch_10}, {@code
 *     backend_vllm}, or a custom test's own
 * @param group the word by which all of its sort are chosen
 * @param prompt the sort of its prompts
 * @param streamed whether answers are asked for as streams
 * @param batchCount how many requests are sent together
 * @param endpoint the label of the server that it is about; {@code null} for the run's own
 */
public record SpeedPart(
    String name,
    Group group,
    String prompt,
    boolean streamed,
    int batchCount,
    @Nullable String endpoint) {

  /** The sorts of tests. */
  public enum Group {
    /** One request after the other, answers in one piece. */
    SINGLE,
    /** The same, streamed. */
    STREAMING,
    /** All requests at once. */
    BATCH,
    /** The user's own. */
    CUSTOM,
    /** The same requests to each of several servers. */
    BACKEND
  }
}
