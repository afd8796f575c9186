/** Offenders on purpose: one half of a cycle. */
@NullMarked
package llmload.architecture.violations.wire;

import org.jspecify.annotations.NullMarked;
