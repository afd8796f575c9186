/** The report as JUnit XML, one test case a target. May use: model, report. */
@NullMarked
package llmload.report.junit;

import org.jspecify.annotations.NullMarked;
