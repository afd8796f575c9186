/**
 * The command line, and the enums that name implementations.
 *
 * <p>May use: all packages below; never {@code simulations}.
 */
@NullMarked
package llmload.app;

import org.jspecify.annotations.NullMarked;
