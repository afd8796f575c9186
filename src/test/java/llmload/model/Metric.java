package llmload.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A number that reports show and targets name: its id, unit, shape, better direction, formula and
 * whose number it equals.
 *
 * <p>There is one enum for each thing that metrics are made of: {@link CoreMetric} of requests,
 * {@link SuiteMetric} of a suite's parts, {@link ResourceMetric} of telemetry. An id is in one of
 * them only; {@link #all} and {@link #of} look in all. Every report and docs/metrics.md follow
 * them.
 */
public sealed interface Metric permits CoreMetric, SuiteMetric, ResourceMetric {
  /** Whether a metric is a distribution or a single number. */
  enum Shape {
    /** Many samples, or a gauge over time. */
    DISTRIBUTION,
    /** One number. */
    VALUE
  }

  /** Which direction is better. */
  enum Better {
    /** Lower is better. */
    LOWER,
    /** Higher is better. */
    HIGHER,
    /** Neither is. */
    NEITHER
  }

  /**
   * What a metric is.
   *
   * @param unit the unit of each of its numbers
   * @param shape distribution or single number
   * @param better the better direction
   * @param formula the formula in words
   * @param equalTo which other tool's number it equals
   */
  record Definition(String unit, Shape shape, Better better, String formula, String equalTo) {}

  /** The name of its constant. */
  String name();

  /** What it is. */
  Definition definition();

  /** The id used in files, for example {@code ttft_from_intended}. */
  default String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit of each of its numbers. */
  default String unit() {
    return definition().unit();
  }

  /** Distribution or single number. */
  default Shape shape() {
    return definition().shape();
  }

  /** The better direction. */
  default Better better() {
    return definition().better();
  }

  /** The formula in words. */
  default String formula() {
    return definition().formula();
  }

  /** Which other tool's number it equals. */
  default String equalTo() {
    return definition().equalTo();
  }

  /** Every metric: of requests, of suites, of telemetry. */
  static List<Metric> all() {
    return Stream.of(CoreMetric.values(), SuiteMetric.values(), ResourceMetric.values())
        .<Metric>flatMap(Stream::of)
        .toList();
  }

  /** The metric of that id, if there is one. */
  static Optional<Metric> of(String id) {
    return all().stream().filter(metric -> metric.id().equals(id)).findFirst();
  }
}
