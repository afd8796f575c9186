package llmload.analysis.suite;

import static llmload.model.ResultTable.columns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmload.metrics.ContractTally;
import llmload.metrics.ContractVerdict;
import llmload.metrics.LengthTally;
import llmload.metrics.ServerFigures;
import llmload.model.ResultTable;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a contract run.
 *
 * @param version the contract's name
 * @param targets the run's targets
 * @param fields the suite's 22 fields of a part
 */
record ContractTables(
    String version,
    List<Target> targets,
    Function<ContractPart, Map<String, @Nullable Number>> fields) {

  /** Whether a part keeps the contract. */
  ContractVerdict verdict(ContractPart part) {
    return ContractVerdict.of(version, targets, fields.apply(part));
  }

  /** The columns of the suite's own table. */
  ResultTable workloads(List<ContractPart> parts) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ContractPart part : parts) {
      Map<String, @Nullable Number> values = fields.apply(part);
      rows.add(
          Arrays.asList(
              part.scope(),
              values.get("total_requests"),
              values.get("failed_requests"),
              values.get("avg_ttft_ms"),
              values.get("avg_tbt_ms"),
              values.get("avg_throughput_tps"),
              values.get("peak_mem_mb"),
              values.get("total_time_s")));
    }
    return new ResultTable(
        "contract_workloads",
        "Workloads, by sagellm-benchmark's formulas",
        columns(
            "workload", "",
            "requests", "",
            "errors", "",
            "avg_ttft", "ms",
            "avg_tbt", "ms",
            "throughput", "tok/s",
            "peak_mem", "MiB",
            "total_time", "s"),
        rows);
  }

  /** All 22 fields, a row each, with a column for each workload. */
  ResultTable fields(List<ContractPart> parts) {
    List<String> heads = new ArrayList<>(List.of("field", ""));
    List<Map<String, @Nullable Number>> values = new ArrayList<>();
    for (ContractPart part : parts) {
      heads.add(part.scope());
      heads.add("");
      values.add(fields.apply(part));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String field : new ContractTally(false).document(ServerFigures.NONE, 0).keySet()) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(field);
      values.forEach(of -> row.add(of.get(field)));
      rows.add(row);
    }
    return new ResultTable(
        "contract_fields",
        "The 22 fields of sagellm-benchmark, by workload",
        columns(heads.toArray(String[]::new)),
        rows);
  }

  /** Declared against counted lengths. */
  ResultTable lengths(List<ContractPart> parts) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ContractPart part : parts) {
      rows.add(length(part.scope(), "prompt", part.prompts()));
      rows.add(length(part.scope(), "answer", part.answers()));
    }
    return new ResultTable(
        "contract_lengths",
        "Lengths as declared and as the server counted them",
        columns(
            "workload", "",
            "of", "",
            "declared", "tok",
            "mean", "tok",
            "least", "tok",
            "most", "tok",
            "more_than_10_percent_off", "",
            "not_counted", ""),
        rows);
  }

  private static List<@Nullable Object> length(String scope, String of, LengthTally lengths) {
    return Arrays.asList(
        scope,
        of,
        lengths.declaredTokens(),
        lengths.meanTokens(),
        lengths.leastTokens(),
        lengths.mostTokens(),
        lengths.offCount(),
        lengths.uncountedCount());
  }

  /** Each limit, by workload and over all of them. */
  ResultTable contract(List<ContractPart> parts, ContractPart whole) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    List<ContractPart> all = new ArrayList<>(parts);
    all.add(whole);
    for (ContractPart part : all) {
      for (ContractVerdict.Line line : verdict(part).lines()) {
        rows.add(
            Arrays.asList(
                part.scope(),
                line.field(),
                line.measured(),
                line.limit() + " " + line.unit(),
                line.kept()));
      }
    }
    return new ResultTable(
        "contract_checks",
        "Contract " + version + ", judged on averages",
        columns("workload", "", "field", "", "measured", "", "limit", "", "kept", ""),
        rows);
  }

  /** Each batch as a unit: one clock from its first request to its last answer. */
  ResultTable batches(List<ContractPart> parts) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ContractPart part : parts) {
      part.waves()
          .forEach(
              (wave, tally) -> {
                Map<String, @Nullable Number> values = tally.current(ServerFigures.NONE, 0);
                rows.add(
                    Arrays.asList(
                        part.scope(),
                        wave,
                        values.get("total_requests"),
                        values.get("total_time_s"),
                        values.get("output_throughput_tps")));
              });
    }
    return new ResultTable(
        "contract_batches",
        "Batches, each on one clock",
        columns("workload", "", "batch", "", "requests", "", "time", "s", "output", "tok/s"),
        rows);
  }
}
