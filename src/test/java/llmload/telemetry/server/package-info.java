/**
 * The metrics of inference servers, each in its own words, put into one vocabulary. May use: model,
 * the telemetry packages above.
 */
@NullMarked
package llmload.telemetry.server;

import org.jspecify.annotations.NullMarked;
