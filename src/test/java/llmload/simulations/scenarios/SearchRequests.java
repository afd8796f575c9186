package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static llmload.protocol.LlmDsl.hitCount;
import static llmload.protocol.LlmDsl.llm;
import static llmload.protocol.LlmDsl.recallOf;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import llmload.feeders.SearchCase;
import llmload.model.Phase;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.wire.SearchQuery;
import org.jspecify.annotations.Nullable;

/**
 * The chain that sends one search, its queries in turn.
 *
 * <p>The warm-up has queries of its own, so that none of the measured ones has been asked before.
 */
public final class SearchRequests {
  private static final String QUERY = "llmload.search";
  private static final String EXACT = "llmload.exactIds";

  private final int hitCount;
  private final Optional<String> extraBody;
  private final Turns measured;
  private final Turns warmUps;

  /**
   * Searches.
   *
   * @param cases the measured queries, which come again in the same order when all are used
   * @param warmUpCases those of the warm-up
   * @param hitCount the hits each asks for
   * @param candidateCount the candidates the server shall keep; {@code null} for its own default
   * @param extraBody a JSON object merged over each body
   */
  public SearchRequests(
      List<SearchCase> cases,
      List<SearchCase> warmUpCases,
      int hitCount,
      @Nullable Integer candidateCount,
      Optional<String> extraBody) {
    this.hitCount = hitCount;
    this.extraBody = extraBody;
    this.measured = new Turns(cases, hitCount, candidateCount);
    this.warmUps = new Turns(warmUpCases, hitCount, candidateCount);
  }

  /** One search, named {@code name}. */
  public ChainBuilder search(String name) {
    LlmRequestBuilder plain =
        llm(name).search(session -> (SearchQuery) session.get(QUERY)).check(hitCount(hitCount));
    LlmRequestBuilder request = extraBody.isPresent() ? plain.extraBody(extraBody.get()) : plain;
    return exec(this::next)
        .exec(
            doIfOrElse(session -> !session.getList(EXACT).isEmpty())
                .then(exec(request.check(recallOf(SearchRequests::exactIds))))
                .orElse(exec(request)));
  }

  private Session next(Session session) {
    boolean warmUp = Phase.WARMUP.id().equals(session.getString(SessionKeys.PHASE));
    Turn turn = (warmUp ? warmUps : measured).next();
    return session.set(QUERY, turn.query()).set(EXACT, turn.exactIds());
  }

  private static List<String> exactIds(Session session) {
    return session.getList(EXACT);
  }

  private record Turn(SearchQuery query, List<String> exactIds) {}

  /** Queries in turn, written as JSON once. */
  private static final class Turns {
    private final List<Turn> all = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();

    Turns(List<SearchCase> cases, int hitCount, @Nullable Integer candidateCount) {
      for (SearchCase one : cases) {
        all.add(new Turn(SearchQuery.of(one.vector(), hitCount, candidateCount), one.exactIds()));
      }
    }

    Turn next() {
      return all.get((int) (next.getAndIncrement() % all.size()));
    }
  }
}
