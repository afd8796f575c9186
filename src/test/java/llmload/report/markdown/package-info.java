/** The report as a comment for a pull request. May use: model, report. */
@NullMarked
package llmload.report.markdown;

import org.jspecify.annotations.NullMarked;
