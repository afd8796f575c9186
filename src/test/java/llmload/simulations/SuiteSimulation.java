package llmload.simulations;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static llmload.protocol.LlmDsl.llm;

import io.gatling.javaapi.core.ChainBuilder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import llmload.feeders.Nonce;
import llmload.metrics.SuiteResults;
import llmload.model.Tags;
import llmload.protocol.LlmProtocolBuilder;
import llmload.protocol.LlmRequestBuilder;
import llmload.run.LoadSettings;
import llmload.run.NamedTarget;
import llmload.run.OwnSettings;
import llmload.run.RetrievalSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.BatchWaves;
import llmload.simulations.scenarios.LoadShape;
import llmload.simulations.scenarios.SearchPlan;
import llmload.simulations.scenarios.SearchRequests;
import llmload.simulations.scenarios.suite.SuiteSettings;
import llmload.simulations.scenarios.suite.WordPrompts;

/**
 * mini-biai-1's benchmark suite by run type: token throughput by prompt length and by batch size,
 * vector search, growing concurrency. Each part's requests have a name of their own.
 */
public final class SuiteSimulation extends PartedSimulation {
  private static final String TEXT = "llmload.suiteText";
  private static final String WORDS = "llmload.suiteWords";
  private static final String WARM_UP = "warm_up";

  /** Builds the load; Gatling makes the instance. */
  public SuiteSimulation() {
    this(
        OwnSettings.by(SuiteSettings::read)
            .preparedBy(SuiteSettings::prepare)
            .limitedBy(SuiteSettings::limited));
  }

  private SuiteSimulation(OwnSettings<SuiteSettings> own) {
    super(
        Workload.closed(SuiteSettings.SUITE)
            .with(own)
            .endingItself()
            .withAlerts()
            .exporting("minibiai-suite"));
    SuiteSettings suite = own.value();
    boolean tagged = settings().request().nonce();
    long seed = settings().load().seed();
    WordPrompts prompts =
        new WordPrompts(tagged ? new Nonce(seed, runId() + " suite") : null, seed);
    List<Integer> words = suite.wordCounts();
    if (suite.type().generates() || !suite.levelCounts().isEmpty()) {
      warmUp(worded(WARM_UP, words, prompts, request -> request));
    }
    if (suite.type().generates()) {
      String name = SuiteResults.THROUGHPUT;
      part(name, worded(name, words, prompts, request -> request), suite.iterationCount(), 1);
      suite.batchCounts().forEach(batch -> addBatches(batch, suite, prompts));
    }
    settings().retrieval().ifPresent(this::addSearches);
    for (int level : suite.levelCounts()) {
      String name = SuiteResults.LEVEL + level;
      part(name, held(name, level), level, suite.levelTime());
    }
    if (suite.levelCounts().isEmpty()) {
      plan(suite.requestCount() + searchCount());
    }
    begin();
  }

  /** Batches have prompts of one length, the middle one, so that only their size differs. */
  private void addBatches(int batch, SuiteSettings suite, WordPrompts prompts) {
    String name = SuiteResults.BATCH + batch;
    List<Integer> words = List.of(suite.wordCounts().get(suite.wordCounts().size() / 2));
    long count = (long) batch * suite.waveCount(batch);
    LoadSettings waves = settings().load().part(batch, count);
    AtomicLong sent = new AtomicLong();
    // All of a wave are sent before the first of the next, so the number tells the wave.
    ChainBuilder request =
        worded(
            name,
            words,
            prompts,
            builder ->
                builder
                    .tag(Tags.BATCH, session -> String.valueOf(batch))
                    .tag(Tags.WAVE, session -> String.valueOf(sent.getAndIncrement() / batch)));
    part(BatchWaves.of(name, request, batch, count, control(waves)));
  }

  /** The searches of {@code RetrievalSimulation}, by one user, once the server is warm. */
  private void addSearches(RetrievalSettings search) {
    boolean embedded = search.url().isEmpty();
    String url = search.url().orElseGet(this::baseUrl);
    for (int vectorCount : search.vectorCounts()) {
      String name = search.requestName(vectorCount);
      SearchRequests searches =
          SearchPlan.of(
              search,
              vectorCount,
              settings().load().seed(),
              settings().request().extraBody(),
              embedded ? url : null);
      LlmProtocolBuilder protocol =
          llmProtocol(new NamedTarget(SuiteResults.RETRIEVAL, url, null))
              .dialect(search.dialect(vectorCount));
      LoadSettings warm = settings().load().warmUpOnly();
      if (warm.warmUpTime().isPresent() || warm.warmUpCount().orElse(0) > 0) {
        ChainBuilder first = searches.search(WARM_UP + "_" + name);
        part(
            new LoadShape(name + " warm-up", first, warm, control(warm), log())
                .closed()
                .protocols(protocol));
      }
      LoadSettings load = settings().load().part(1, search.queryCount());
      part(
          new LoadShape(name, searches.search(name), load, control(load), log())
              .closed()
              .protocols(protocol));
    }
  }

  private long searchCount() {
    return settings()
        .retrieval()
        .map(search -> (long) search.queryCount() * search.vectorCounts().size())
        .orElse(0L);
  }

  /** One chat of a prompt of these lengths in turn. */
  private ChainBuilder worded(
      String name,
      List<Integer> words,
      WordPrompts prompts,
      UnaryOperator<LlmRequestBuilder> change) {
    AtomicLong turns = new AtomicLong();
    LlmRequestBuilder request =
        requests()
            .withOptions(
                llm(name)
                    .user(session -> session.getString(TEXT))
                    .maxTokens(settings().request().maxTokens()))
            .tag(Tags.PROMPT, session -> session.getString(WORDS));
    return exec(session -> {
          int count = words.get(Math.toIntExact(turns.getAndIncrement() % words.size()));
          return session.set(WORDS, String.valueOf(count)).set(TEXT, prompts.next(count));
        })
        .exec(change.apply(request));
  }

  private ChainBuilder held(String name, int level) {
    return requests()
        .chat(
            name,
            request ->
                request
                    .tag(Tags.STAGE, session -> SuiteResults.HOLD)
                    .tag(Tags.CONCURRENCY, session -> String.valueOf(level)));
  }
}
