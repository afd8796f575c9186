package llmload.analysis.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import llmload.metrics.ContractTally;
import llmload.metrics.LengthTally;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import org.jspecify.annotations.Nullable;

/** The measured requests of one workload to one server. */
final class ContractPart {
  private final String endpoint;
  private final String scope;
  private final String workload;
  private final ContractTally tally = new ContractTally(false);
  private final LengthTally prompts = new LengthTally();
  private final LengthTally answers = new LengthTally();
  private final Map<Integer, ContractTally> waves = new TreeMap<>();

  /**
   * An empty part.
   *
   * @param endpoint the server's label; empty where the run has only one
   * @param scope the requests' name
   * @param workload the workload's name
   */
  ContractPart(String endpoint, String scope, String workload) {
    this.endpoint = endpoint;
    this.scope = scope;
    this.workload = workload;
  }

  void add(RequestRecord request) {
    tally.add(request);
    Integer wave = number(request.tags().get(Tags.WAVE));
    if (wave != null) {
      waves.computeIfAbsent(wave, index -> new ContractTally(false)).add(request);
    }
    if (request.outcome().isOk()) {
      Map<String, String> tags = request.tags();
      prompts.add(number(tags.get(Tags.WANTED_INPUT_TOKENS)), request.usage().inputTokens());
      answers.add(number(tags.get(Tags.WANTED_OUTPUT_TOKENS)), request.usage().outputTokens());
    }
  }

  private static @Nullable Integer number(@Nullable String text) {
    return text == null || !text.matches("\\d{1,9}") ? null : Integer.valueOf(text);
  }

  String endpoint() {
    return endpoint;
  }

  String scope() {
    return scope;
  }

  String workload() {
    return workload;
  }

  ContractTally tally() {
    return tally;
  }

  LengthTally prompts() {
    return prompts;
  }

  LengthTally answers() {
    return answers;
  }

  Map<Integer, ContractTally> waves() {
    return waves;
  }

  /** What is wrong with the lengths, a sentence each. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (prompts.offCount() > 0) {
      remarks.add(
          off("prompts", prompts)
              + " Name the model's tokenizer (llm.tokenizer) and what its chat template adds"
              + " (llm.contract.templateTokens).");
    }
    if (answers.offCount() > 0) {
      remarks.add(
          off("answers", answers)
              + " A server that knows it keeps them to the length with llm.ignoreEos=true.");
    }
    return remarks;
  }

  private String off(String what, LengthTally lengths) {
    return String.format(
        Locale.ROOT,
        "%s: %d of %d %s are more than 10 %% off the declared %d tokens (%d to %d).",
        scope,
        lengths.offCount(),
        lengths.countedCount(),
        what,
        lengths.declaredTokens(),
        lengths.leastTokens(),
        lengths.mostTokens());
  }
}
