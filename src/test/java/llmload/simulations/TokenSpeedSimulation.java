package llmload.simulations;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static llmload.protocol.LlmDsl.llm;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import llmload.feeders.Nonce;
import llmload.model.Tags;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.run.LoadSettings;
import llmload.run.NamedTarget;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.BatchWaves;
import llmload.simulations.scenarios.LoadShape;
import llmload.simulations.scenarios.tokenspeed.PromptSort;
import llmload.simulations.scenarios.tokenspeed.SpeedPart;
import llmload.simulations.scenarios.tokenspeed.SpeedPrompts;
import llmload.simulations.scenarios.tokenspeed.TokenSpeedSettings;
import llmload.tokens.Tokenizer;
import llmload.tokens.Tokenizers;

/**
 * Token speed: single prompts of four sorts, the same streamed, batches, and several servers side
 * by side. Each test is a part of its own, and each request of it is named after it.
 */
public final class TokenSpeedSimulation extends PartedSimulation {
  private static final String TEXT = "llmload.speedText";
  private static final String SORT = "llmload.speedSort";
  private static final String WARM_UP = "warm_up";

  /** Builds the load; Gatling makes the instance. */
  public TokenSpeedSimulation() {
    this(OwnSettings.by(TokenSpeedSettings::read));
  }

  private TokenSpeedSimulation(OwnSettings<TokenSpeedSettings> own) {
    super(
        Workload.closed("token_speed")
            .with(own)
            .exporting("token_generation_benchmark")
            .heldTo("token_speed"));
    TokenSpeedSettings speed = own.value();
    Tokenizer tokenizer = Tokenizers.of(PromptSort.ENCODING);
    boolean nonce = settings().request().nonce();
    // Another run id than that of the warm-up's prompts, so that no tag is used twice.
    SpeedPrompts prompts =
        new SpeedPrompts(
            projectFolder(),
            speed.customPrompts(),
            nonce ? new Nonce(settings().load().seed(), runId() + " token_speed") : null,
            settings().load().seed(),
            tokenizer::count);
    plan(speed.requestCount());
    warmUp(requests().chat(WARM_UP));
    for (SpeedPart part : speed.parts()) {
      add(part, speed, prompts);
    }
    begin();
  }

  private void add(SpeedPart part, TokenSpeedSettings speed, SpeedPrompts prompts) {
    long count = speed.requestCount(part);
    switch (part.group()) {
      case BATCH -> {
        LoadSettings waves = settings().load().part(part.batchCount(), count);
        ChainBuilder request = request(part, speed, prompts, List.of(part.prompt()));
        part(BatchWaves.of(part.name(), request, part.batchCount(), count, control(waves)));
      }
      case BACKEND -> addBackend(part, speed, prompts);
      default -> part(part.name(), request(part, speed, prompts, List.of(part.prompt())), count, 1);
    }
  }

  /** A server that the run did not warm up gets a warm-up of its own. */
  private void addBackend(SpeedPart part, TokenSpeedSettings speed, SpeedPrompts prompts) {
    NamedTarget endpoint =
        endpoints().stream()
            .filter(target -> target.label().equals(part.endpoint()))
            .findFirst()
            .orElseThrow();
    LoadSettings warmUp = settings().load().warmUpOnly();
    boolean warm = endpoint.equals(endpoints().get(0));
    if (!warm && (warmUp.warmUpTime().isPresent() || warmUp.warmUpCount().orElse(0) > 0)) {
      ChainBuilder chat =
          exec(session -> session.set(SessionKeys.ENDPOINT, endpoint.label()))
              .exec(requests().chat(WARM_UP));
      PopulationBuilder first =
          new LoadShape(part.name() + " warm-up", chat, warmUp, control(warmUp), log()).closed();
      part(first.protocols(llmProtocol(endpoint)));
    }
    ChainBuilder request = request(part, speed, prompts, PromptSort.names());
    part(part.name(), request, speed.requestCount(part), 1, endpoint);
  }

  /** One request of a test, of these sorts of prompts in turn. */
  private ChainBuilder request(
      SpeedPart part, TokenSpeedSettings speed, SpeedPrompts prompts, List<String> sorts) {
    List<Supplier<String>> texts = sorts.stream().map(prompts::of).toList();
    // The first draw reads file and encoding, which would make the first request late.
    texts.forEach(
        text -> {
          String unused = text.get();
        });
    AtomicLong turns = new AtomicLong();
    LlmRequestBuilder request =
        requests()
            .withOptions(
                llm(part.name())
                    .user(session -> session.getString(TEXT))
                    .maxTokens(speed.maxTokens()))
            .stream(part.streamed())
            .tag(Tags.PROMPT, session -> session.getString(SORT));
    if (part.group() == SpeedPart.Group.BATCH) {
      AtomicLong sent = new AtomicLong();
      // All of a wave are sent before the first of the next, so the number tells the wave.
      request =
          request
              .tag(Tags.BATCH, session -> String.valueOf(part.batchCount()))
              .tag(
                  Tags.WAVE, session -> String.valueOf(sent.getAndIncrement() / part.batchCount()));
    }
    String model = model(part);
    if (!model.isEmpty()) {
      request = request.tag(Tags.MODEL, session -> model);
    }
    return exec(session -> {
          int turn = Math.toIntExact(turns.getAndIncrement() % texts.size());
          return session.set(SORT, sorts.get(turn)).set(TEXT, texts.get(turn).get());
        })
        .exec(request);
  }

  private String model(SpeedPart part) {
    return endpoints().stream()
        .filter(target -> target.label().equals(part.endpoint()))
        .map(target -> target.model() == null ? "" : target.model())
        .findFirst()
        .orElse("");
  }
}
