/** Offenders on purpose: a package without a level. */
@NullMarked
package llmload.architecture.violations.unknown;

import org.jspecify.annotations.NullMarked;
