package llmload.simulations;

import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import llmload.feeders.SearchCase;
import llmload.model.RequestKind;
import llmload.run.ExactNeighbours;
import llmload.run.LlmSimulation;
import llmload.run.LoadSettings;
import llmload.run.RetrievalSettings;
import llmload.run.Workload;
import llmload.server.retrieval.ClusteredVectors;
import llmload.simulations.scenarios.ArrivalPlan;
import llmload.simulations.scenarios.LoadShape;
import llmload.simulations.scenarios.SearchRequests;

/**
 * Vector search: the nearest neighbours of seeded queries, in an index of the embedded server or in
 * another product's, with the recall of a sample; by index size where several are asked for.
 */
public final class RetrievalSimulation extends LlmSimulation {
  /** Enough that no warm-up repeats itself soon. */
  private static final int WARM_UP_QUERIES = 200;

  private final RetrievalSettings search;

  /** Builds the load; Gatling makes the instance. */
  public RetrievalSimulation() {
    super(Workload.of(RequestKind.RETRIEVAL));
    this.search = settings().retrieval().orElseThrow();
    LoadSettings load = settings().load();
    List<PopulationBuilder> parts = new ArrayList<>();
    for (int vectorCount : search.vectorCounts()) {
      parts.add(part(vectorCount, load));
    }
    if (search.isBySize()) {
      plan(load.requestCount() * parts.size());
    }
    PopulationBuilder chained = parts.get(parts.size() - 1);
    for (int i = parts.size() - 2; i >= 0; i--) {
      chained = parts.get(i).andThen(chained);
    }
    SetUp setUp = setUp(chained).protocols(llmProtocol());
    Duration max = load.maxDuration().orElse(null);
    if (max != null) {
      var unused = setUp.maxDuration(max.plusSeconds(10));
    }
  }

  private PopulationBuilder part(int vectorCount, LoadSettings load) {
    ClusteredVectors vectors = new ClusteredVectors(search.index(vectorCount));
    List<SearchCase> cases = search.groundTruth();
    List<SearchCase> warmUps = cases;
    if (cases.isEmpty()) {
      cases = withExactAnswers(drawn(vectors, 0, search.queryCount()), vectorCount);
      warmUps = drawn(vectors, search.queryCount(), WARM_UP_QUERIES);
    }
    Integer candidates =
        search.candidates().isPresent() ? (Integer) search.candidates().getAsInt() : null;
    SearchRequests requests =
        new SearchRequests(
            cases, warmUps, search.hitCount(), candidates, settings().request().extraBody());
    String name = search.requestName(vectorCount);
    LoadShape shape = new LoadShape(name, requests.search(name), load, control(load), log());
    return shaped(shape, load).protocols(llmProtocol().dialect(search.dialect(vectorCount)));
  }

  private PopulationBuilder shaped(LoadShape shape, LoadSettings load) {
    if (!load.isOpen()) {
      return shape.closed();
    }
    ArrivalPlan plan = ArrivalPlan.of(load, nanoClock());
    plan(plan.size());
    return shape.open(plan);
  }

  /** Other queries for another seed of the load; the index stays. */
  private List<SearchCase> drawn(ClusteredVectors vectors, int first, int count) {
    long base = (settings().load().seed() << 32) + first;
    return LongStream.range(base, base + count)
        .mapToObj(number -> new SearchCase(vectors.query(number), List.of()))
        .toList();
  }

  /** Only the embedded server can tell exact answers. */
  private List<SearchCase> withExactAnswers(List<SearchCase> cases, int vectorCount) {
    int sample = Math.min(search.sampleCount(), cases.size());
    if (!isEmbedded() || sample == 0) {
      return cases;
    }
    List<SearchCase> known =
        ExactNeighbours.of(
            cases.subList(0, sample), baseUrl(), search.collection(vectorCount), search.hitCount());
    return Stream.concat(known.stream(), cases.stream().skip(sample)).toList();
  }

  private boolean isEmbedded() {
    return settings().target().baseUrl() == null;
  }
}
