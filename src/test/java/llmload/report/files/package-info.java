/** The report files of a run folder. May use: model, report and its formats. */
@NullMarked
package llmload.report.files;

import org.jspecify.annotations.NullMarked;
