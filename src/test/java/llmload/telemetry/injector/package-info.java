/** The injector watching itself: what may have spoilt its own stamps. May use: model, the JDK. */
@NullMarked
package llmload.telemetry.injector;

import org.jspecify.annotations.NullMarked;
