/**
 * Other tools' result files, made from a run's report and journal.
 *
 * <p>One class a tool, with that tool's own field names and formulas. May use: model, metrics,
 * Jackson.
 */
@NullMarked
package llmload.report.export;

import org.jspecify.annotations.NullMarked;
