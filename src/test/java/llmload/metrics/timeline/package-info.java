/**
 * What was read of a thing over time: growth of counters, means and integrals of gauges, and how
 * much of a span the samples cover.
 *
 * <p>Pure accumulators on one time base, nanoseconds since the run's anchor. May use: {@code
 * model}, {@code config}.
 */
@NullMarked
package llmload.metrics.timeline;

import org.jspecify.annotations.NullMarked;
