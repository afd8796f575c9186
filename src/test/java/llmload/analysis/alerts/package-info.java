/**
 * Alerts over windows of a run: limits, severities, colours and how often one may be raised. Pure:
 * the same windows are made while a run goes on and again from its journal. May use: {@code
 * llmload.metrics}, {@code llmload.config}, {@code llmload.model}.
 */
@NullMarked
package llmload.analysis.alerts;

import org.jspecify.annotations.NullMarked;
