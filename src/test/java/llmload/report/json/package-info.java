/** The report for programs. May use: model, report, Jackson. */
@NullMarked
package llmload.report.json;

import org.jspecify.annotations.NullMarked;
