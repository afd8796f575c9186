/**
 * Baselines on disk: llmload's own, its reports, and the files of other suites.
 *
 * <p>May use: the JDK, {@code model}, {@code config}, {@code grading}, Jackson. Pure reading and
 * writing, for any thread.
 */
@NullMarked
package llmload.run.baseline;

import org.jspecify.annotations.NullMarked;
