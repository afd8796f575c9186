/**
 * The simulations that a user runs, one class each and thin: settings in, scenarios out.
 *
 * <p>May use: all packages below; never {@code app}.
 */
@NullMarked
package llmload.simulations;

import org.jspecify.annotations.NullMarked;
