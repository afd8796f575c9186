/**
 * The tests of the token speed suite: which there are, what each asks, and its settings.
 *
 * <p>May use: all packages below; never {@code app}.
 */
@NullMarked
package llmload.simulations.scenarios.tokenspeed;

import org.jspecify.annotations.NullMarked;
