package llmload.model;

/** The keys by which the records of agents and their caches tell what they are part of. */
public final class AgentTags {
  /** How many agents work at once. */
  public static final String AGENTS = "agents";

  /** Which wave of requests, from 0. */
  public static final String WAVE = "wave";

  /** What is done with a cache: {@code cold}, {@code hot}, {@code warm}, or an operation. */
  public static final String CACHE_STEP = "cacheStep";

  /** The size of the cache that the plan asks for, in tokens. */
  public static final String CACHE_TOKENS = "cacheTokens";

  /** Which round of a size, from 0; a deletion before the first has none. */
  public static final String CACHE_ROUND = "cacheRound";

  /** How many sessions there are when memory is read. */
  public static final String SESSIONS = "sessions";

  /** The name of a figure of the server's memory, in MiB: {@code check.active_memory_mb}. */
  public static final String ACTIVE_MEMORY = "active_memory_mb";

  /** The names of the figures of the shape of a model's cache, as agent-memory has them. */
  public static final String[] shape() {
    return new String[] {"n_layers", "n_kv_heads", "head_dim", "kv_bits", "block_tokens"};
  }

  private AgentTags() {}
}
