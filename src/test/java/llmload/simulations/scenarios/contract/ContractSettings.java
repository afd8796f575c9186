package llmload.simulations.scenarios.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.config.SettingsReader;
import llmload.run.OwnDefaults;

/**
 * The settings {@code llm.contract.*}.
 *
 * @param year the contract's year, 1 to 3, whose limits the run is held to
 * @param workloads what is sent, already scaled
 * @param traffic how each workload's requests arrive
 * @param ratePerSecond the arrival rate of open traffic
 * @param burstiness the shape of gamma arrivals
 * @param kvBudgetTokens the simulated engine's key-value cache, in tokens: the setting, else what a
 *     workload states
 * @param repeats how often each workload's requests are sent
 * @param sharedPrefixRatio the share of each prompt that all prompts of a workload have in common
 * @param templateTokens what the server's chat template adds to a prompt that a tokenizer counted
 */
public record ContractSettings(
    int year,
    List<ContractWorkload> workloads,
    Traffic traffic,
    OptionalDouble ratePerSecond,
    double burstiness,
    OptionalInt kvBudgetTokens,
    int repeats,
    double sharedPrefixRatio,
    int templateTokens)
    implements OwnDefaults {

  private static final int MAX_TOKENS = 100_000_000;
  private static final int BLOCK_TOKENS = 16;
  private static final int LEAST_CONTEXT_TOKENS = 32_768;
  private static final Map<String, Integer> YEARS = Map.of("year1", 1, "year2", 2, "year3", 3);

  /** Reads the settings; notes every problem in the reader. */
  public static ContractSettings read(SettingsReader settings) {
    int year = settings.choice("contract.year", YEARS, 1);
    boolean code =
        settings.choice("contract.spec", List.of("document", "code"), "document").equals("code");
    double scale = settings.number("contract.lengthScale", 1, 0.01, 100);
    List<ContractWorkload> workloads =
        ContractWorkloads.of(words(settings), year, code, batchSizes(settings)).stream()
            .map(workload -> workload.scaled(scale))
            .toList();
    if (settings.text("extraBody").isPresent()
        && workloads.stream().anyMatch(w -> w.sampling().extraBody() != null)) {
      settings.problem(
          "llm.extraBody: Expecting none beside the workloads mixed, which have their own."
              + " Found: one.");
    }
    // What the workloads state; the largest, since one server serves all.
    workloads.stream()
        .map(ContractWorkload::kvBudgetTokens)
        .filter(Objects::nonNull)
        .max(Integer::compare)
        .ifPresent(
            budget -> settings.below("contract.spec code", Map.of("contract.kvBudget", budget)));
    Traffic traffic = settings.choice("contract.traffic", Traffic.WORDS, Traffic.WORKLOAD);
    OptionalDouble rate = settings.number("contract.rate", 0.001, 1_000_000);
    if (traffic.isOpen() && rate.isEmpty()) {
      settings.problem(
          "llm.contract.rate: Expecting requests per second for the traffic "
              + traffic.id()
              + ". Found: none.");
    }
    return new ContractSettings(
        year,
        workloads,
        traffic,
        rate,
        settings.number("contract.burstiness", 1, 0.01, 100),
        settings.integer("contract.kvBudget", BLOCK_TOKENS, MAX_TOKENS),
        settings.integer("contract.repeats", 1, 1, 10_000),
        settings.number("contract.sharedPrefix", 0, 0, 0.95),
        settings.integer("contract.templateTokens", 0, 0, 10_000));
  }

  private static List<String> words(SettingsReader settings) {
    List<String> words = settings.list("contract.workload", List.of(ContractWorkloads.ALL));
    List<String> unknown =
        words.stream().filter(word -> !ContractWorkloads.WORDS.contains(word)).toList();
    if (!unknown.isEmpty() || words.isEmpty()) {
      settings.problem(
          "llm.contract.workload: Expecting words of "
              + String.join(", ", ContractWorkloads.WORDS)
              + ". Found: "
              + (unknown.isEmpty() ? "none" : String.join(", ", unknown))
              + ".");
      return List.of(ContractWorkloads.ALL);
    }
    return words;
  }

  private static List<Integer> batchSizes(SettingsReader settings) {
    List<Integer> sizes = new ArrayList<>();
    for (String size : settings.list("contract.batchSizes", List.of("1", "2", "4"))) {
      if (size.matches("[1-9]\\d{0,3}")) {
        sizes.add(Integer.valueOf(size));
      } else {
        settings.problem(
            "llm.contract.batchSizes: Expecting whole numbers from 1 to 9999, comma-separated."
                + " Found: "
                + size
                + ".");
      }
    }
    return sizes;
  }

  /** The file of the contract's year. */
  @Override
  public Optional<String> targets() {
    return Optional.of("year" + year);
  }

  /** A key-value cache of the stated budget, and room for the longest request. */
  @Override
  public Map<String, String> engine() {
    Map<String, String> engine = new LinkedHashMap<>();
    int longest =
        workloads.stream().mapToInt(w -> w.promptTokens() + w.maxTokens()).max().orElse(0);
    if (longest > LEAST_CONTEXT_TOKENS) {
      engine.put("contextTokens", Integer.toString(longest));
    }
    if (kvBudgetTokens.isPresent()) {
      int blocks = (kvBudgetTokens.getAsInt() + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
      engine.put("kvBlocks", Integer.toString(blocks));
      engine.put("blockTokens", Integer.toString(BLOCK_TOKENS));
    }
    return engine;
  }

  /** Measured requests to one server. */
  public long requestCount() {
    return workloads.stream().mapToLong(w -> (long) w.requestCount() * repeats).sum();
  }
}
