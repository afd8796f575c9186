package llmload.simulations;

import static io.gatling.javaapi.core.CoreDsl.exec;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.OptionalLong;
import llmload.feeders.Nonce;
import llmload.model.RequestKind;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.run.LoadSettings;
import llmload.run.NamedTarget;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.LoadShape;
import llmload.simulations.scenarios.contract.ContractParts;
import llmload.simulations.scenarios.contract.ContractPrompts;
import llmload.simulations.scenarios.contract.ContractRequests;
import llmload.simulations.scenarios.contract.ContractSettings;
import llmload.simulations.scenarios.contract.ContractWorkload;
import llmload.simulations.scenarios.contract.PromptLength;
import llmload.wire.Dialects;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/**
 * Workloads of exact token lengths, one after the other, held to the limits of a contract's year;
 * of several servers each gets the same workloads, one server after the other.
 */
public final class ContractSimulation extends PartedSimulation {
  private static final int MOST_WARM_UP_PROMPTS = 16;

  private final ContractSettings contract;
  private final ContractParts parts;
  private final ContractPrompts prompts;
  private final boolean chat;
  private final boolean embedded;

  /** Builds the load; Gatling makes the instance. */
  public ContractSimulation() {
    this(OwnSettings.by(ContractSettings::read));
  }

  private ContractSimulation(OwnSettings<ContractSettings> own) {
    super(Workload.closed("contract").with(own).exporting("sagellm"));
    contract = own.value();
    parts = new ContractParts(contract, settings().load(), this::control, log(), nanoClock());
    chat = Dialects.of(settings().target().dialect()).kinds().contains(RequestKind.CHAT);
    TokenCounter tokens = embeddedTokenizer();
    embedded = tokens != null;
    prompts =
        new ContractPrompts(
            length(tokens),
            contract.sharedPrefixRatio(),
            settings().request().nonce() ? new Nonce(settings().load().seed(), runId()) : null,
            settings().load().seed());
    plan(contract.requestCount() * endpoints().size());
    for (NamedTarget endpoint : endpoints()) {
      boolean first = true;
      for (ContractWorkload workload : contract.workloads()) {
        add(workload, endpoint, first);
        first = false;
      }
    }
    begin();
  }

  private @Nullable PromptLength length(@Nullable TokenCounter embeddedTokens) {
    if (embeddedTokens != null) {
      return chat
          ? PromptLength.embedded(embeddedTokens)
          : PromptLength.tokenizer(embeddedTokens, 0);
    }
    TokenCounter named = tokenCounter();
    return named == null ? null : PromptLength.tokenizer(named, contract.templateTokens());
  }

  private void add(ContractWorkload workload, NamedTarget endpoint, boolean first) {
    boolean several = endpoints().size() > 1;
    String name = several ? workload.name() + "@" + endpoint.label() : workload.name();
    int rounds = workload.warmUpRounds() * workload.concurrencyCount();
    OptionalLong warmUps = settings().load().warmUpCount();
    int warmUpPrompts =
        (int) Math.min(MOST_WARM_UP_PROMPTS, Math.max(1, warmUps.orElse(0) + rounds));
    ContractRequests own =
        new ContractRequests(
            name,
            workload,
            prompts.of(workload, warmUpPrompts),
            prompts.of(workload, workload.requestCount() * contract.repeats()));
    ChainBuilder request = own.chain(chat, requests()::withOptions, this::ofServer);
    if (several) {
      request =
          exec((Session session) -> session.set(SessionKeys.ENDPOINT, endpoint.label()))
              .exec(request);
    }
    if (first && isWarmedUp()) {
      LoadSettings warmUp = settings().load().warmUpOnly();
      part(
          new LoadShape("warm-up " + name, request, warmUp, control(warmUp), log())
              .closed()
              .protocols(llmProtocol(endpoint)));
    }
    part(parts.population(name, workload, request).protocols(llmProtocol(endpoint)));
  }

  private boolean isWarmedUp() {
    LoadSettings load = settings().load();
    return load.warmUpTime().isPresent() || load.warmUpCount().orElse(0) > 0;
  }

  /** The embedded server goes past its end token where asked; others may refuse the question. */
  private LlmRequestBuilder ofServer(LlmRequestBuilder request) {
    return embedded ? request.ignoreEos() : request;
  }
}
