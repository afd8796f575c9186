/**
 * Judges a measured run: targets, validity, grade, exit code.
 *
 * <p>A target file becomes {@link llmload.model.Target}s; targets and measurements become {@link
 * llmload.model.TargetVerdict}s; the injector's health and the journal's completeness decide
 * whether the numbers can be believed at all. Pure functions of their arguments, for any thread.
 * May use: the JDK, {@code model}, {@code config}.
 */
@NullMarked
package llmload.grading;

import org.jspecify.annotations.NullMarked;
