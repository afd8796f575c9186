/** The stress suite: its tests, the turns that users take in them, and its settings. */
@NullMarked
package llmload.simulations.scenarios.stress;

import org.jspecify.annotations.NullMarked;
