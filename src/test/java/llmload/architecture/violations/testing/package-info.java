/** Offenders on purpose: support of tests that leans on the kit. */
@NullMarked
package llmload.architecture.violations.testing;

import org.jspecify.annotations.NullMarked;
