/**
 * What every report format shares: the writer's contract and how numbers and foreign text are
 * shown.
 *
 * <p>One sub-package a format. A writer only formats: what a {@link llmload.model.RunReport} says
 * is decided before. May use: the JDK, {@code model}; the sub-packages Jackson ({@code json}) and
 * Pebble ({@code html}).
 */
@NullMarked
package llmload.report;

import org.jspecify.annotations.NullMarked;
