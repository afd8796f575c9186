package llmload.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What a scripted server does with each request. Asked on the thread of the request's connection,
 * so a script that keeps state must bear several threads.
 */
@FunctionalInterface
public interface Script {

  /** The steps that answer {@code request}. */
  List<Step> stepsFor(ReceivedRequest request);

  /** The same steps for every request. */
  static Script always(Step... steps) {
    List<Step> all = List.of(steps);
    return request -> all;
  }

  /** The steps that {@code steps} chooses for each request. */
  static Script perRequest(Function<ReceivedRequest, List<Step>> steps) {
    return steps::apply;
  }

  /** The n-th list for the n-th request; the last list again for every request after it. */
  @SafeVarargs
  static Script inTurn(List<Step>... answers) {
    List<List<Step>> all = new ArrayList<>();
    for (List<Step> answer : answers) {
      all.add(answer);
    }
    AtomicInteger next = new AtomicInteger();
    return request -> all.get(Math.min(next.getAndIncrement(), all.size() - 1));
  }

  /** This script for every request but GETs, which {@code steps} answer. */
  default Script answeringGets(Step... steps) {
    List<Step> all = List.of(steps);
    return request -> request.method().equals("GET") ? all : stepsFor(request);
  }
}
