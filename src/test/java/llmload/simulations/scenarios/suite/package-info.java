/**
 * mini-biai-1's benchmark suite: its run types, its settings and its configuration file.
 *
 * <p>May use: all packages below; never {@code app}.
 */
@NullMarked
package llmload.simulations.scenarios.suite;

import org.jspecify.annotations.NullMarked;
