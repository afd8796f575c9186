package llmload.wire;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a search asks for.
 *
 * @param vectorJson the query's vector as a JSON array, written once however often it is sent
 * @param hitCount how many hits to return
 * @param candidateCount how many candidates the server's graph search shall keep; {@code null} for
 *     the server's own default
 */
public record SearchQuery(String vectorJson, int hitCount, @Nullable Integer candidateCount) {

  /**
   * A search for the neighbours of {@code vector}.
   *
   * @throws IllegalArgumentException if a number of it is none that JSON knows
   */
  public static SearchQuery of(float[] vector, int hitCount, @Nullable Integer candidateCount) {
    StringJoiner json = new StringJoiner(",", "[", "]");
    for (float x : vector) {
      if (!Float.isFinite(x)) {
        throw new IllegalArgumentException("vector: Expecting finite numbers. Found: " + x + ".");
      }
      json.add(Float.toString(x));
    }
    return new SearchQuery(json.toString(), hitCount, candidateCount);
  }
}
