package llmload.simulations.scenarios;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import llmload.feeders.SearchCase;
import llmload.run.ExactNeighbours;
import llmload.run.RetrievalSettings;
import llmload.server.retrieval.ClusteredVectors;
import org.jspecify.annotations.Nullable;

/**
 * Draws the queries of a vector search, with the exact answers of a sample where they are known.
 */
public final class SearchPlan {
  /** Enough that no warm-up repeats itself soon. */
  private static final int WARM_UP_QUERIES = 200;

  private SearchPlan() {}

  /**
   * The searches of one index.
   *
   * @param vectorCount its vectors
   * @param seed of the queries; the index stays the same
   * @param extraBody a JSON object merged over each body
   * @param embeddedUrl the embedded server, which alone can tell exact answers; {@code null} where
   *     another is searched
   */
  public static SearchRequests of(
      RetrievalSettings search,
      int vectorCount,
      long seed,
      Optional<String> extraBody,
      @Nullable String embeddedUrl) {
    ClusteredVectors vectors = new ClusteredVectors(search.index(vectorCount));
    List<SearchCase> cases = search.groundTruth();
    List<SearchCase> warmUps = cases;
    if (cases.isEmpty()) {
      cases = drawn(vectors, seed, 0, search.queryCount());
      if (embeddedUrl != null) {
        cases = withExactAnswers(cases, search, vectorCount, embeddedUrl);
      }
      warmUps = drawn(vectors, seed, search.queryCount(), WARM_UP_QUERIES);
    }
    Integer candidates =
        search.candidates().isPresent() ? (Integer) search.candidates().getAsInt() : null;
    return new SearchRequests(cases, warmUps, search.hitCount(), candidates, extraBody);
  }

  private static List<SearchCase> drawn(ClusteredVectors vectors, long seed, int first, int count) {
    long base = (seed << 32) + first;
    return LongStream.range(base, base + count)
        .mapToObj(number -> new SearchCase(vectors.query(number), List.of()))
        .toList();
  }

  private static List<SearchCase> withExactAnswers(
      List<SearchCase> cases, RetrievalSettings search, int vectorCount, String url) {
    int sample = Math.min(search.sampleCount(), cases.size());
    if (sample == 0) {
      return cases;
    }
    List<SearchCase> known =
        ExactNeighbours.of(
            cases.subList(0, sample), url, search.collection(vectorCount), search.hitCount());
    return Stream.concat(known.stream(), cases.stream().skip(sample)).toList();
  }
}
