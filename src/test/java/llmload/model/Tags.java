package llmload.model;

/** The keys of a request record's tags that the kit itself writes. */
public final class Tags {
  /** The request's kind, a {@link RequestKind#id()}. */
  public static final String KIND = "kind";

  /** {@code false} where the answer was asked for in one piece; absent for a stream. */
  public static final String STREAM = "stream";

  /** What was odd about an answer that still counts: {@link Flag#id()}s, joined by commas. */
  public static final String FLAGS = "flags";

  /** The seconds of a {@code Retry-After} header, or its text where it is no number. */
  public static final String RETRY_AFTER = "retryAfter";

  /** The length of the prompt that the plan asked for, in tokens. */
  public static final String WANTED_INPUT_TOKENS = "wantedInputTokens";

  /** The length of the answer that the plan asked for, in tokens. */
  public static final String WANTED_OUTPUT_TOKENS = "wantedOutputTokens";

  /** The label of the server that the request went to, where a run has several. */
  public static final String ENDPOINT = "endpoint";

  /** The part of a suite that a request belongs to, whichever server it goes to. */
  public static final String WORKLOAD = "workload";

  /** What that part is there to show, in a word. */
  public static final String WORKLOAD_KIND = "workloadKind";

  /** The requests in flight at once that a part of a suite declares. */
  public static final String CONCURRENCY = "concurrency";

  /** The step of a part whose load changes, in a word. */
  public static final String STAGE = "stage";

  /** The model that was asked for, where it is not the run's own. */
  public static final String MODEL = "model";

  /** The sort of prompt, in a suite whose parts differ by it. */
  public static final String PROMPT = "prompt";

  /** How many requests were sent together as one batch. */
  public static final String BATCH = "batch";

  /** The round, from 0, of a part that sends its requests in rounds. */
  public static final String WAVE = "wave";

  /** The prefix of the keys that hold the value each check looked at. */
  public static final String CHECK_PREFIX = "check.";

  /** The share of the exact neighbours that a search found, from 0 to 1. */
  public static final String RECALL = CHECK_PREFIX + "recall_at_k";

  private Tags() {}
}
