/**
 * The text in which exporters tell their metrics: Prometheus 0.0.4 and OpenMetrics. May use: JDK.
 */
@NullMarked
package llmload.telemetry.exposition;

import org.jspecify.annotations.NullMarked;
