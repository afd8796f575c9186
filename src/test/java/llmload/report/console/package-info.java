/** The report as twenty lines for a terminal. May use: model, report. */
@NullMarked
package llmload.report.console;

import org.jspecify.annotations.NullMarked;
