package llmload.feeders;

import java.util.List;

/**
 * A query of a vector search, with its exact answer where that is known.
 *
 * @param vector the query
 * @param exactIds the ids of its nearest neighbours, nearest first; empty if they are not known
 */
@SuppressWarnings("ArrayRecordComponent") // fed to requests, never compared
public record SearchCase(float[] vector, List<String> exactIds) {
  /** Copies the list. */
  public SearchCase {
    exactIds = List.copyOf(exactIds);
  }

  /** The same query with its exact answer. */
  public SearchCase knowing(List<String> ids) {
    return new SearchCase(vector, ids);
  }
}
