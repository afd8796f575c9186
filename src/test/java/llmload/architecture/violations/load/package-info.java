/** Offenders on purpose: calls and libraries that the package has no right to. */
@NullMarked
package llmload.architecture.violations.load;

import org.jspecify.annotations.NullMarked;
