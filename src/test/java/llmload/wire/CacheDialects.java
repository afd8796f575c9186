package llmload.wire;

import java.util.List;

/** The cache dialects that exist. */
public final class CacheDialects {
  private static final List<CacheDialect> ALL =
      List.of(new PrefixCache(), new AgentMemoryCache(), new LlamaSlotCache());

  private CacheDialects() {}

  /**
   * The dialect of that id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CacheDialect of(String id) {
    return ALL.stream()
        .filter(dialect -> dialect.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cache dialect: Expecting one of %s. Found: %s."
                        .formatted(String.join(", ", ids()), id)));
  }

  /** The ids of all cache dialects, the plainest first. */
  public static List<String> ids() {
    return ALL.stream().map(CacheDialect::id).toList();
  }
}
