/**
 * The formulas: from one request's record to numbers, and from many numbers to a summary.
 *
 * <p>Pure functions and accumulators; nothing here knows of files, scopes or reports. May use:
 * {@code model}, HdrHistogram, Commons Statistics.
 */
@NullMarked
package llmload.metrics;

import org.jspecify.annotations.NullMarked;
