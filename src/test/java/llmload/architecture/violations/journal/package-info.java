/** Offenders on purpose: the other half of a cycle. */
@NullMarked
package llmload.architecture.violations.journal;

import org.jspecify.annotations.NullMarked;
