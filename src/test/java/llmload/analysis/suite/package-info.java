/**
 * The suites' own results: from the records of several parts to speed-ups, fits and conclusions.
 *
 * <p>One class a suite. May use: model, metrics.
 */
@NullMarked
package llmload.analysis.suite;

import org.jspecify.annotations.NullMarked;
