package llmload.simulations;

import static io.gatling.javaapi.core.CoreDsl.exec;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import llmload.protocol.SessionKeys;
import llmload.run.LlmSimulation;
import llmload.run.LoadSettings;
import llmload.run.NamedTarget;
import llmload.run.Workload;
import llmload.simulations.scenarios.LoadRequests;
import llmload.simulations.scenarios.LoadShape;

/** Several closed loads, one after the other, each with an exact number of requests. */
abstract class PartedSimulation extends LlmSimulation {
  private final LoadRequests requests;
  private final List<PopulationBuilder> parts = new ArrayList<>();

  /** A run without any part yet. */
  PartedSimulation(String workload) {
    this(Workload.closed(workload));
  }

  /** The same with settings, targets or exports of its own. */
  PartedSimulation(Workload workload) {
    super(workload);
    requests =
        new LoadRequests(
            settings().load(), settings().request(), projectFolder(), runId(), tokenCounter());
  }

  /** The chains that parts are made of. */
  final LoadRequests requests() {
    return requests;
  }

  /** The warm-up, before all parts. */
  final void warmUp(ChainBuilder request) {
    LoadSettings warmUp = settings().load().warmUpOnly();
    if (warmUp.warmUpTime().isPresent() || warmUp.warmUpCount().orElse(0) > 0) {
      parts.add(new LoadShape("warm-up", request, warmUp, control(warmUp), log()).closed());
    }
  }

  /** {@code count} requests by the settings' users; nothing where that is 0. */
  final void part(String name, ChainBuilder request, long count) {
    part(name, request, count, settings().load().users());
  }

  /** {@code count} requests by that many users; nothing where that is 0. */
  final void part(String name, ChainBuilder request, long count, int users) {
    if (count > 0) {
      LoadSettings load = settings().load().part((int) Math.min(users, count), count);
      parts.add(new LoadShape(name, request, load, control(load), log()).closed());
    }
  }

  /**
   * {@code count} requests by that many users to one of the servers that are laid side by side;
   * nothing where that is 0.
   */
  final void part(String name, ChainBuilder request, long count, int users, NamedTarget endpoint) {
    if (count > 0) {
      LoadSettings load = settings().load().part((int) Math.min(users, count), count);
      ChainBuilder tagged =
          exec((Session session) -> session.set(SessionKeys.ENDPOINT, endpoint.label()))
              .exec(request);
      parts.add(
          new LoadShape(name, tagged, load, control(load), log())
              .closed()
              .protocols(llmProtocol(endpoint)));
    }
  }

  /**
   * Requests by that many users for a time. They go on for another tenth of a second, so that the
   * span from the first request to the last answer is not a hair short of it.
   */
  final void part(String name, ChainBuilder request, int users, Duration time) {
    LoadSettings load = settings().load().part(users, time.plusMillis(100));
    parts.add(new LoadShape(name, request, load, control(load), log()).closed());
  }

  /** The chains of {@link #requests}, with another limit of an answer. */
  final LoadRequests requests(int maxTokens) {
    return new LoadRequests(
        settings().load(),
        settings().request().withMaxTokens(maxTokens),
        projectFolder(),
        runId(),
        tokenCounter());
  }

  /** A part of another shape. */
  final void part(PopulationBuilder population) {
    parts.add(population);
  }

  /** Chains the parts; the last call of a constructor. */
  final void begin() {
    PopulationBuilder chained = parts.get(parts.size() - 1);
    for (int i = parts.size() - 2; i >= 0; i--) {
      chained = parts.get(i).andThen(chained);
    }
    SetUp setUp = setUp(chained).protocols(llmProtocol());
    Duration max = settings().load().maxDuration().orElse(null);
    if (max != null) {
      var unused = setUp.maxDuration(max.plusSeconds(10));
    }
  }
}
