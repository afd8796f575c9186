package llmload.metrics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.model.CoreMetric;
import llmload.model.Operator;
import llmload.model.ResourceMetric;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/**
 * Whether one workload's averages keep a contract's limits.
 *
 * @param passed whether no limit is missed and none that is required went unmeasured; {@code null}
 *     where the run has no limit of a contract
 * @param version the contract's name, {@code year1}
 * @param lines each limit
 * @param summary both in a sentence
 */
public record ContractVerdict(
    @Nullable Boolean passed, String version, List<Line> lines, String summary) {

  private static final int SHOWN_DIGITS = 5;

  /** The contract's checks: our metric, the name of the check, the suite's own field. */
  private static final List<Check> CHECKS =
      List.of(
          new Check(CoreMetric.TTFT.id(), "ttft_ms", "avg_ttft_ms"),
          new Check(CoreMetric.TPOT.id(), "tbt_ms", "avg_tbt_ms"),
          new Check(CoreMetric.E2E_PER_OUTPUT_TOKEN.id(), "tpot_ms", "avg_tpot_ms"),
          new Check(
              CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER.id(),
              "throughput_tps",
              "avg_throughput_tps"),
          new Check(CoreMetric.ERROR_RATE.id(), "error_rate", "error_rate"),
          new Check(ResourceMetric.PEAK_MEMORY.id(), "peak_mem_mb", "peak_mem_mb"),
          new Check(ResourceMetric.PREFIX_HIT_RATE.id(), "prefix_hit_rate", "prefix_hit_rate"),
          new Check(ResourceMetric.SPEC_ACCEPT_RATE.id(), "spec_accept_rate", "spec_accept_rate"));

  private record Check(String metric, String name, String field) {}

  /**
   * One limit's outcome.
   *
   * @param name the suite's name for the check
   * @param field the suite's field that it looks at
   * @param measured the field's value; {@code null} is not measured
   * @param unit the unit of both numbers
   * @param limit the limit in words, {@code <= 100}
   * @param kept whether it is kept; {@code null} is not measured
   */
  public record Line(
      String name,
      String field,
      @Nullable Double measured,
      String unit,
      String limit,
      @Nullable Boolean kept) {

    /** Both in words: {@code avg_ttft_ms 14.2, limit <= 100}. */
    public String detail() {
      return field
          + " "
          + (measured == null ? "not measured" : number(measured))
          + ", limit "
          + limit;
    }
  }

  /** Copies the list. */
  public ContractVerdict {
    lines = List.copyOf(lines);
  }

  /**
   * Judges the averages of one workload.
   *
   * @param version the contract's name
   * @param targets the run's targets; those on averages of all requests are the contract
   * @param fields the suite's fields, {@link ContractTally#document}
   */
  public static ContractVerdict of(
      String version, List<Target> targets, Map<String, @Nullable Number> fields) {
    List<Line> lines = new ArrayList<>();
    List<String> missed = new ArrayList<>();
    List<String> unmeasured = new ArrayList<>();
    boolean passed = true;
    for (Check check : CHECKS) {
      Target target = limit(targets, check.metric());
      if (target == null) {
        continue;
      }
      Number measured = fields.get(check.field());
      Boolean kept =
          measured == null ? null : Boolean.valueOf(keeps(target, measured.doubleValue()));
      lines.add(
          new Line(
              check.name(),
              check.field(),
              measured == null ? null : Double.valueOf(measured.doubleValue()),
              target.unit(),
              target.op().symbol() + " " + number(target.value()),
              kept));
      if (kept == null) {
        unmeasured.add(check.name());
        passed &= !target.required();
      } else if (!kept) {
        missed.add(check.name());
        passed = false;
      }
    }
    return lines.isEmpty()
        ? new ContractVerdict(
            null, version, lines, "No contract: the run has no limit on averages.")
        : new ContractVerdict(
            passed, version, lines, summary(passed, lines.size(), missed, unmeasured));
  }

  private static @Nullable Target limit(List<Target> targets, String metric) {
    return targets.stream()
        .filter(target -> target.metric().equals(metric) && target.scope().equals("all"))
        .filter(target -> target.graded() && target.op() != Operator.BETWEEN)
        .filter(target -> List.of("mean", "value").contains(target.statistic().name()))
        .findFirst()
        .orElse(null);
  }

  private static boolean keeps(Target target, double measured) {
    return switch (target.op()) {
      case LESS -> measured < target.value();
      case AT_MOST -> measured <= target.value();
      case GREATER -> measured > target.value();
      default -> measured >= target.value();
    };
  }

  private static String number(double value) {
    return new BigDecimal(value)
        .round(new MathContext(SHOWN_DIGITS))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String summary(
      boolean passed, int total, List<String> missed, List<String> unmeasured) {
    int kept = total - missed.size() - unmeasured.size();
    StringBuilder text = new StringBuilder(passed ? "Passed" : "Not passed");
    text.append(": ").append(kept).append(" of ").append(total).append(" limits kept");
    if (!missed.isEmpty()) {
      text.append("; missed: ").append(String.join(", ", missed));
    }
    if (!unmeasured.isEmpty()) {
      text.append("; not measured: ").append(String.join(", ", unmeasured));
    }
    return text.append('.').toString();
  }
}
