/**
 * A run's life: settings, pre-flight, folder, server process, journal, end, aggregate, exit code.
 *
 * <p>{@link llmload.run.LlmSimulation} is the base class of every simulation. May use: all packages
 * below.
 */
@NullMarked
package llmload.run;

import org.jspecify.annotations.NullMarked;
