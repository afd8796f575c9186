package llmload.server.retrieval;

import java.nio.file.Path;
import java.util.List;

/**
 * Which indexes a server has.
 *
 * @param vectorCounts the vectors of each, one index a number; empty for no index at all
 * @param dimensionCount the dimensions of all of them
 * @param seed the seed of all of them
 * @param folder where they are kept
 */
public record IndexSettings(
    List<Integer> vectorCounts, int dimensionCount, long seed, Path folder) {
  /** Where indexes are kept, from the project's folder: a build's output, in no repository. */
  public static final String DEFAULT_FOLDER = "target/retrieval";

  /** The seed of an index where nobody says another. */
  public static final long DEFAULT_SEED = 42;

  /** No index. */
  public static final IndexSettings NONE =
      new IndexSettings(
          List.of(), IndexSpec.DEFAULT_DIMENSIONS, DEFAULT_SEED, Path.of(DEFAULT_FOLDER));

  /** Copies the list. */
  public IndexSettings {
    vectorCounts = List.copyOf(vectorCounts);
  }

  /** The name under which the index of that many vectors is served. */
  public static String nameOf(int vectorCount) {
    return "vectors_" + vectorCount;
  }
}
