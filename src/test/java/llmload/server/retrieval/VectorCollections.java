package llmload.server.retrieval;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The indexes of a server by their names. Thread safe once open. */
public final class VectorCollections implements AutoCloseable {
  private final Map<String, VectorIndex> indexes = new LinkedHashMap<>();

  /** Told how far the building of an index is; from any thread. */
  @FunctionalInterface
  public interface Progress {
    /** {@code done} of {@code total} vectors are in the index. */
    void at(String name, int done, int total);
  }

  private VectorCollections() {}

  /**
   * Opens every index of {@code settings}, one after the other; what is not there yet is built.
   *
   * @throws java.io.UncheckedIOException if one can be neither read nor written
   * @throws llmload.config.ConfigException if a number is out of range
   */
  public static VectorCollections open(IndexSettings settings, Progress progress) {
    VectorCollections all = new VectorCollections();
    for (int count : settings.vectorCounts()) {
      IndexSpec spec = IndexSpec.of(count, settings.dimensionCount(), settings.seed());
      String name = IndexSettings.nameOf(count);
      all.indexes.computeIfAbsent(
          name,
          fresh ->
              VectorIndex.open(
                  spec, settings.folder(), done -> progress.at(fresh, done, spec.vectorCount())));
    }
    return all;
  }

  /** The index of that name; {@code null} if there is none. */
  public @Nullable VectorIndex find(String name) {
    return indexes.get(name);
  }

  /** The names of all indexes. */
  public Set<String> names() {
    return indexes.keySet();
  }

  @Override
  public void close() {
    indexes.values().forEach(VectorIndex::close);
  }
}
