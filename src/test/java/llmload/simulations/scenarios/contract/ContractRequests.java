package llmload.simulations.scenarios.contract;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static llmload.protocol.LlmDsl.llm;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import llmload.model.Phase;
import llmload.model.Tags;
import llmload.protocol.LlmRequestBuilder;
import llmload.protocol.SessionKeys;
import llmload.wire.Message;

/**
 * The chain that sends one request of a workload; made once for each server that the workload goes
 * to. Its prompts are made beforehand, so that counting tokens is no part of the load.
 */
public final class ContractRequests {
  private static final String PROMPT = "llmload.contractPrompt";
  private static final String WAVE = "llmload.contractWave";

  private final String name;
  private final ContractWorkload workload;
  private final List<List<Message>> warmUps;
  private final List<List<Message>> measured;
  private final AtomicLong warmUpCount = new AtomicLong();
  private final AtomicLong measuredCount = new AtomicLong();

  /**
   * Requests of {@code workload}.
   *
   * @param name the request's name, which is the workload's unless several servers get it
   * @param warmUps prompts of the warm-up, used in a circle; not empty
   * @param measured prompts of the measured requests, one each
   */
  public ContractRequests(
      String name,
      ContractWorkload workload,
      List<List<Message>> warmUps,
      List<List<Message>> measured) {
    this.name = name;
    this.workload = workload;
    this.warmUps = List.copyOf(warmUps);
    this.measured = List.copyOf(measured);
  }

  /**
   * The chain.
   *
   * @param chat whether the server takes messages; otherwise their texts are one prompt
   * @param options adds what the settings say of every request
   * @param ofServer adds what only this server is known to understand
   */
  public ChainBuilder chain(
      boolean chat,
      UnaryOperator<LlmRequestBuilder> options,
      UnaryOperator<LlmRequestBuilder> ofServer) {
    LlmRequestBuilder.Kind kind = llm(name);
    LlmRequestBuilder request =
        chat
            ? kind.messages(session -> session.<List<Message>>get(PROMPT))
            : kind.prompt(ContractRequests::text);
    ContractWorkload.Sampling sampling = workload.sampling();
    if (sampling.temperature() != null) {
      request = request.temperature(sampling.temperature());
    }
    if (sampling.extraBody() != null) {
      request = request.extraBody(sampling.extraBody());
    }
    LlmRequestBuilder tagged =
        ofServer
            .apply(request.maxTokens(workload.maxTokens()))
            .tag(Tags.WANTED_INPUT_TOKENS, session -> Integer.toString(workload.promptTokens()))
            .tag(Tags.WANTED_OUTPUT_TOKENS, session -> Integer.toString(workload.maxTokens()))
            .tag(Tags.WORKLOAD, session -> workload.name())
            .tag(Tags.WORKLOAD_KIND, session -> workload.kind())
            .tag(Tags.CONCURRENCY, session -> Integer.toString(workload.concurrencyCount()))
            .tag(Tags.WAVE, session -> session.getString(WAVE));
    return exec(this::next).exec(options.apply(tagged));
  }

  private Session next(Session session) {
    if (Phase.WARMUP.id().equals(session.get(SessionKeys.PHASE))) {
      int index = (int) (warmUpCount.getAndIncrement() % warmUps.size());
      return session.set(PROMPT, warmUps.get(index)).set(WAVE, "0");
    }
    long index = measuredCount.getAndIncrement();
    return session
        .set(PROMPT, measured.get((int) (index % measured.size())))
        .set(WAVE, Long.toString(index / workload.requestCount()));
  }

  private static String text(Session session) {
    List<Message> messages = session.get(PROMPT);
    return String.join("\n", messages.stream().map(Message::content).toList());
  }
}
