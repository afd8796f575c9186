/** Offenders on purpose: a test that no build would run. */
@NullMarked
package llmload.architecture.violations.schema;

import org.jspecify.annotations.NullMarked;
