/** The settings and chains of agents, their caches and their memory. */
@NullMarked
package llmload.simulations.scenarios.agents;

import org.jspecify.annotations.NullMarked;
