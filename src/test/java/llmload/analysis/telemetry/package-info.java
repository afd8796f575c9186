/**
 * From the samples of a run to what its servers, GPUs and machines did while it measured, and
 * beside which seconds and requests.
 *
 * <p>Reads no clock and no source, the journal's samples alone. What the samples do not support is
 * not measured and says why. May use: {@code model}, {@code config}, {@code metrics}.
 */
@NullMarked
package llmload.analysis.telemetry;

import org.jspecify.annotations.NullMarked;
