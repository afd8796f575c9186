/**
 * What the server tells of itself under {@code /metrics}, in vLLM's names.
 *
 * <p>A number that an engine does not know is absent. May use: {@code server.engine}, Prometheus.
 */
@NullMarked
package llmload.server.metrics;

import org.jspecify.annotations.NullMarked;
