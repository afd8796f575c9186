/** The report as one self-contained page, by a Pebble template. May use: model, report, Pebble. */
@NullMarked
package llmload.report.html;

import org.jspecify.annotations.NullMarked;
