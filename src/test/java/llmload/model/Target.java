package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * A limit that a run is held to.
 *
 * @param id unique among a run's targets; made from the parts if the file gives none
 * @param scope {@code all} or a request's name
 * @param metric a {@link CoreMetric#id()} or the id of a telemetry metric
 * @param statistic which number of the metric's distribution
 * @param op the comparison
 * @param value the limit, or the lower bound of {@code between}, in {@code unit}
 * @param upper the upper bound of {@code between}; otherwise {@code null}
 * @param unit the unit of {@code value}; must be the metric's own
 * @param required whether missing it fails the run whatever the grade
 * @param graded whether it counts for the grade; an expectation is shown only
 * @param source where the limit comes from, for a reader
 */
public record Target(
    String id,
    String scope,
    String metric,
    Statistic statistic,
    Operator op,
    double value,
    @Nullable Double upper,
    String unit,
    boolean required,
    boolean graded,
    @Nullable String source) {}
