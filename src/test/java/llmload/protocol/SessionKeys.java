package llmload.protocol;

/** The session attributes that llmload itself reads and writes. */
public final class SessionKeys {
  /** {@code warmup} where the next requests are warm-up; absent or {@code measure} otherwise. */
  public static final String PHASE = "llmload.phase";

  /**
   * A Long: the {@code System.nanoTime()} at which the plan wants the next request sent. Absent in
   * a closed loop, where a request is wanted when its user gets there.
   */
  public static final String INTENDED_NANOS = "llmload.intendedNanos";

  /** The {@link Conversation} that the virtual user is in. */
  public static final String CONVERSATION = "llmload.conversation";

  /** The label of the server that the virtual user talks to, where a run has several. */
  public static final String ENDPOINT = "llmload.endpoint";

  /**
   * The name of the server-side session, the identity of a cache, that the next requests are of.
   */
  public static final String CACHE_SESSION = "llmload.cacheSession";

  private SessionKeys() {}
}
