/** The chains that simulations share. */
@NullMarked
package llmload.simulations.scenarios;

import org.jspecify.annotations.NullMarked;
