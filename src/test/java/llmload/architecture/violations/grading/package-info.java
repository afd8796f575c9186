/** Offenders on purpose: a simulation away from home. */
@NullMarked
package llmload.architecture.violations.grading;

import org.jspecify.annotations.NullMarked;
