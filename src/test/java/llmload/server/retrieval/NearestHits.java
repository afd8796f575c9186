package llmload.server.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The nearest vectors seen so far; of equals the one with the lower id. One thread only. */
final class NearestHits {
  private static final Comparator<Hit> NEAREST_FIRST =
      Comparator.comparingDouble(Hit::cosineRatio).reversed().thenComparingLong(Hit::id);

  private final int hitCount;
  private final PriorityQueue<Hit> farthestFirst;
  private double leastScore = Double.NEGATIVE_INFINITY;

  NearestHits(int hitCount) {
    this.hitCount = hitCount;
    this.farthestFirst = new PriorityQueue<>(hitCount + 1, NEAREST_FIRST.reversed());
  }

  /** Takes a vector; those of one query come in ascending order of their ids. */
  void add(long id, double score) {
    if (farthestFirst.size() == hitCount && score <= leastScore) {
      return;
    }
    farthestFirst.add(new Hit(id, score));
    if (farthestFirst.size() > hitCount) {
      farthestFirst.remove();
    }
    if (farthestFirst.size() == hitCount) {
      leastScore = farthestFirst.element().cosineRatio();
    }
  }

  List<Hit> nearestFirst() {
    return farthestFirst.stream().sorted(NEAREST_FIRST).toList();
  }

  List<Hit> ascendingIds() {
    List<Hit> hits = new ArrayList<>(farthestFirst);
    hits.sort(Comparator.comparingLong(Hit::id));
    return hits;
  }
}
