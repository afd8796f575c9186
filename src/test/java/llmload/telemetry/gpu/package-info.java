/**
 * GPUs of NVIDIA, AMD and Intel by their exporters and command-line tools, put into one kind of
 * reading. May use: model, the telemetry packages above, Jackson.
 */
@NullMarked
package llmload.telemetry.gpu;

import org.jspecify.annotations.NullMarked;
