package llmload.simulations.scenarios.agents;

import java.util.List;
import llmload.config.SettingsReader;
import llmload.run.ServerNeeds;
import llmload.wire.CacheDialect;
import llmload.wire.CacheDialects;

/**
 * What is saved, loaded and resumed.
 *
 * @param sizes sizes of the cache in tokens, ascending
 * @param repetitions rounds a size
 * @param maxTokens the limit of each answer
 * @param dialect how the server's caches are used
 * @param slot the slot of a llama.cpp server
 */
public record CacheSettings(
    List<Integer> sizes, int repetitions, int maxTokens, CacheDialect dialect, int slot) {
  private static final int MOST_SIZES = 6;

  /** Reads {@code llm.cache.*}. */
  public static CacheSettings read(SettingsReader settings) {
    var unused = SuiteSettings.output(settings);
    List<Integer> sizes =
        SuiteSettings.numbers(settings, "cache.sizes", List.of("2000", "4000", "8000"), 10_000_000);
    if (sizes.size() > MOST_SIZES) {
      settings.reject("cache.sizes", "at most " + MOST_SIZES + " sizes");
    }
    return new CacheSettings(
        sizes,
        settings.integer("cache.repetitions", 5, 1, 100_000),
        settings.integer("cache.maxTokens", 50, 1, 1_000_000),
        CacheDialects.of(settings.choice("cache.dialect", CacheDialects.ids(), "prefix")),
        settings.integer("cache.slot", 0, 0, 100_000));
  }

  /** A server whose sessions can be used as the dialect does, with room for the largest prompt. */
  public ServerNeeds needs() {
    return new ServerNeeds(
        "cache.dialect",
        dialect.id(),
        dialect.probe(String.valueOf(slot)).orElse(null),
        "cache.sizes",
        sizes.get(sizes.size() - 1) + maxTokens);
  }
}
