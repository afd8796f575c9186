/** Offenders on purpose: what a domain's value may not be. */
@NullMarked
package llmload.architecture.violations.model;

import org.jspecify.annotations.NullMarked;
