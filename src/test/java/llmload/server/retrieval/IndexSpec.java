package llmload.server.retrieval;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import llmload.config.ConfigException;

/**
 * What an index holds; the same numbers are the same vectors and the same graph, on any machine.
 *
 * @param vectorCount its vectors, with the ids 0 to {@code vectorCount - 1}
 * @param dimensionCount the length of each
 * @param clusterCount the clusters that they lie in
 * @param seed of the clusters and of all that is drawn from them
 */
public record IndexSpec(int vectorCount, int dimensionCount, int clusterCount, long seed) {
  /** The vectors of an index where nobody says how many. */
  public static final int DEFAULT_VECTORS = 1_000_000;

  /** The dimensions of an index where nobody says how many: those of small sentence encoders. */
  public static final int DEFAULT_DIMENSIONS = 384;

  /** The most vectors of an index. */
  public static final int MAX_VECTORS = 100_000_000;

  /** The most dimensions of a vector that the index format takes. */
  public static final int MAX_DIMENSIONS = 1_024;

  private static final int MAX_CLUSTERS = 1_000;

  /** Raised whenever the same numbers would give other files. */
  private static final int FORMAT = 1;

  /** Checks every number and reports all problems together. */
  public IndexSpec {
    List<String> problems = new ArrayList<>();
    require(problems, "retrieval.vectors", vectorCount, MAX_VECTORS);
    require(problems, "retrieval.dimensions", dimensionCount, MAX_DIMENSIONS);
    require(problems, "retrieval.clusters", clusterCount, vectorCount);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** As many clusters as each of them then has vectors, but no more than {@value #MAX_CLUSTERS}. */
  public static IndexSpec of(int vectorCount, int dimensionCount, long seed) {
    int clusters = (int) Math.round(Math.sqrt(Math.max(vectorCount, 1)));
    return new IndexSpec(vectorCount, dimensionCount, Math.min(clusters, MAX_CLUSTERS), seed);
  }

  private static void require(List<String> problems, String name, int value, int most) {
    if (value < 1 || value > most) {
      problems.add(
          name + ": Expecting a whole number from 1 to " + most + ". Found: " + value + ".");
    }
  }

  /** All that decides what the files hold, as one line. */
  String text() {
    return "format=%d vectors=%d dimensions=%d clusters=%d seed=%d m=%d beam=%d part=%d"
        .formatted(
            FORMAT,
            vectorCount,
            dimensionCount,
            clusterCount,
            seed,
            IndexBuilder.MAX_NEIGHBOURS,
            IndexBuilder.BEAM_WIDTH,
            IndexBuilder.PART_VECTORS);
  }

  /** A name that no other index has: the beginning of a hash of {@link #text}. */
  public String folderName() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
