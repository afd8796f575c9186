/** Offenders on purpose: a bridge that is too big where no file is allowed. */
@NullMarked
package llmload.architecture.violations.protocol.internal;

import org.jspecify.annotations.NullMarked;
