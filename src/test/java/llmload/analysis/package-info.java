/**
 * From the records of a run to its measurements, in one pass and bounded memory.
 *
 * <p>Says what was measured and why the rest was not; judges nothing. May use: {@code model},
 * {@code metrics}, HdrHistogram.
 */
@NullMarked
package llmload.analysis;

import org.jspecify.annotations.NullMarked;
