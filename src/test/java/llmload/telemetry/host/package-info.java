/**
 * The machine that llmload runs on and the processes on it, by OSHI; its processors' energy by the
 * kernel's own files. May use: model, the telemetry packages above, OSHI.
 */
@NullMarked
package llmload.telemetry.host;

import org.jspecify.annotations.NullMarked;
