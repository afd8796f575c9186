package llmload.simulations.scenarios;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static llmload.protocol.LlmDsl.llm;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import llmload.feeders.Nonce;
import llmload.feeders.PromptFile;
import llmload.feeders.Prompts;
import llmload.protocol.LlmRequestBuilder;
import llmload.run.LoadSettings;
import llmload.run.RequestSettings;

/** The chain that sends one request of the kind that the settings name. */
public final class LoadRequests {
  private LoadRequests() {}

  /**
   * One request, fed with a prompt where it needs one.
   *
   * @param root the project's folder
   * @param runId tells this run's nonces from any other's
   */
  public static ChainBuilder of(
      LoadSettings load, RequestSettings request, Path root, String runId) {
    String name = load.kind().id();
    return switch (load.kind()) {
      case HEALTH -> exec(llm(name).health());
      case MODELS -> exec(llm(name).models());
      case COMPLETION ->
          feed(prompts(load, request, root))
              .exec(sampled(llm(name).prompt(prompt(load, request, runId)), request));
      default ->
          feed(prompts(load, request, root))
              .exec(sampled(llm(name).user(prompt(load, request, runId)), request));
    };
  }

  private static Iterator<Map<String, Object>> prompts(
      LoadSettings load, RequestSettings request, Path root) {
    return Prompts.jsonl(PromptFile.resolve(root, request.prompts())).shuffled(load.seed());
  }

  private static Function<Session, String> prompt(
      LoadSettings load, RequestSettings request, String runId) {
    if (!request.nonce()) {
      return session -> session.getString("prompt");
    }
    Nonce nonce = new Nonce(load.seed(), runId);
    return session -> nonce.tag(session.getString("prompt"));
  }

  private static LlmRequestBuilder sampled(LlmRequestBuilder builder, RequestSettings request) {
    LlmRequestBuilder sampled = builder.maxTokens(request.maxTokens());
    if (request.minTokens().isPresent()) {
      sampled = sampled.minTokens(request.minTokens().getAsInt());
    }
    if (request.ignoreEos()) {
      sampled = sampled.ignoreEos();
    }
    if (request.temperature().isPresent()) {
      sampled = sampled.temperature(request.temperature().getAsDouble());
    }
    return request.extraBody().isPresent() ? sampled.extraBody(request.extraBody().get()) : sampled;
  }
}
