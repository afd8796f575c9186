/** Offenders on purpose: a name that lies. */
@NullMarked
package llmload.architecture.violations.report;

import org.jspecify.annotations.NullMarked;
