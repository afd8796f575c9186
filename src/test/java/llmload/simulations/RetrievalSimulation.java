package llmload.simulations;

import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import llmload.model.RequestKind;
import llmload.run.LlmSimulation;
import llmload.run.LoadSettings;
import llmload.run.RetrievalSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.ArrivalPlan;
import llmload.simulations.scenarios.LoadShape;
import llmload.simulations.scenarios.SearchPlan;
import llmload.simulations.scenarios.SearchRequests;

/**
 * Vector search: the nearest neighbours of seeded queries, in an index of the embedded server or in
 * another product's, with the recall of a sample; by index size where several are asked for.
 */
public final class RetrievalSimulation extends LlmSimulation {
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
    SearchRequests requests =
        SearchPlan.of(
            search,
            vectorCount,
            load.seed(),
            settings().request().extraBody(),
            settings().target().baseUrl() == null ? baseUrl() : null);
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
}
