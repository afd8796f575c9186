package llmload.simulations.scenarios.contract;

import static llmload.simulations.scenarios.contract.ContractWorkload.atOnce;
import static llmload.simulations.scenarios.contract.ContractWorkload.sequential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The workloads of sagellm-benchmark: its document's, and those of its code. */
final class ContractWorkloads {
  /** The three of a year. */
  static final String ALL = "all";

  /** What the setting {@code contract.workload} takes. */
  static final List<String> WORDS =
      List.of(
          ALL,
          "short",
          "long",
          "stress",
          "Q1",
          "Q2",
          "Q3",
          "Q4",
          "Q5",
          "Q6",
          "Q7",
          "Q8",
          "queries",
          "streaming",
          "batch",
          "mixed",
          "perf");

  private static final int EARLIER_EXCHANGE = 3;

  private static final List<ContractWorkload> QUERIES =
      List.of(
          sequential("Q1", "query", 32, 64, 5),
          sequential("Q2", "query", 512, 128, 3),
          sequential("Q3", "query", 128, 256, 3),
          sequential("Q4", "query", 256, 256, 3).ofTurns(EARLIER_EXCHANGE),
          atOnce("Q5", "query", 32, 64, 10),
          atOnce("Q6", "query", 512, 256, 10),
          sequential("Q7", "query", 256, 512, 3),
          atOnce("Q8", "query", 192, 128, 4));

  private static final List<ContractWorkload> STREAMING =
      List.of(
          sequential("streaming_short", "streaming", 32, 128, 5).inFlight(1, 1),
          sequential("streaming_long", "streaming", 256, 256, 3).inFlight(1, 1),
          sequential("streaming_concurrent", "streaming", 64, 128, 10).inFlight(4, 2));

  private static final List<ContractWorkload> BATCH =
      List.of(
          sequential("batch_small", "batch", 16, 32, 20).inFlight(8, 1),
          sequential("batch_medium", "batch", 128, 128, 16).inFlight(8, 1),
          sequential("batch_large", "batch", 512, 256, 8).inFlight(4, 1));

  private static final List<ContractWorkload> MIXED =
      List.of(
          sequential("mixed_short_stream", "mixed", 32, 64, 10)
              .inFlight(2, 1)
              .sampled(0.7, "{\"top_k\":50}"),
          sequential("mixed_long_batch", "mixed", 256, 256, 6)
              .inFlight(3, 1)
              .sampled(0.9, "{\"repetition_penalty\":1.1}"),
          sequential("mixed_greedy_sampling", "mixed", 48, 128, 8)
              .inFlight(4, 1)
              .sampled(0.0, null));

  private ContractWorkloads() {}

  /**
   * The workloads that words stand for, each once, in the words' order.
   *
   * @param codeSpec whether the sizes of the year are the code's; the document has one size for
   *     every year
   * @param batchSizes requests at once of the set {@code perf}
   */
  static List<ContractWorkload> of(
      List<String> words, int year, boolean codeSpec, List<Integer> batchSizes) {
    List<ContractWorkload> ofYear = codeSpec ? code(year) : document();
    List<ContractWorkload> chosen = new ArrayList<>();
    for (String word : words) {
      switch (word) {
        case ALL -> chosen.addAll(ofYear);
        case "queries" -> chosen.addAll(QUERIES);
        case "streaming" -> chosen.addAll(STREAMING);
        case "batch" -> chosen.addAll(BATCH);
        case "mixed" -> chosen.addAll(MIXED);
        case "perf" -> chosen.addAll(perf(batchSizes));
        default -> {
          ofYear.stream().filter(w -> w.kind().equals(word)).forEach(chosen::add);
          QUERIES.stream().filter(w -> w.name().equals(word)).forEach(chosen::add);
        }
      }
    }
    return chosen.stream().distinct().toList();
  }

  private static List<ContractWorkload> document() {
    return List.of(
        sequential("short_input", "short", 128, 128, 5),
        sequential("long_input", "long", 200, 200, 3),
        atOnce("stress_test", "stress", 256, 256, 10));
  }

  private static List<ContractWorkload> code(int year) {
    String prefix = String.format(Locale.ROOT, "year%d_", year);
    return switch (year) {
      case 1 ->
          List.of(
              sequential(prefix + "short", "short", 128, 128, 5),
              sequential(prefix + "long", "long", 2048, 512, 3),
              atOnce(prefix + "stress", "stress", 256, 256, 10).withKvBudget(4_096));
      case 2 ->
          List.of(
              sequential(prefix + "short", "short", 256, 256, 10),
              sequential(prefix + "long", "long", 8192, 1024, 5),
              atOnce(prefix + "stress", "stress", 512, 512, 50).withKvBudget(16_384));
      default ->
          List.of(
              sequential(prefix + "short", "short", 512, 512, 20),
              sequential(prefix + "long", "long", 32_768, 2048, 10),
              atOnce(prefix + "stress", "stress", 1024, 1024, 100).withKvBudget(65_536));
    };
  }

  private static List<ContractWorkload> perf(List<Integer> batchSizes) {
    List<ContractWorkload> rows = new ArrayList<>();
    for (int size : batchSizes) {
      rows.add(atOnce("short_b" + size, "perf", 128, 128, size));
      rows.add(atOnce("long_b" + size, "perf", 2048, 512, size));
    }
    return rows;
  }
}
