package llmload.wire;

/** What a server can be asked to do with a session's cache, beside generating. */
public enum CacheOperation {
  /** Writes the cache to disk. */
  SAVE,
  /** Brings the cache back from disk into memory. */
  LOAD,
  /** Drops the cache from memory; what is on disk stays. */
  UNLOAD,
  /** Drops the cache everywhere, so that the next request is cold. */
  DELETE,
  /** Tells the server's own memory figures. */
  MEMORY
}
