/**
 * A Prometheus server that has watched the run, asked once it is over. May use: model, the
 * telemetry packages above, Jackson.
 */
@NullMarked
package llmload.telemetry.prometheus;

import org.jspecify.annotations.NullMarked;
