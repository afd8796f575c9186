/**
 * The files of sagellm-benchmark, with its names, units and formulas.
 *
 * <p>May use: model, metrics, report, Jackson.
 */
@NullMarked
package llmload.report.export.sagellm;

import org.jspecify.annotations.NullMarked;
