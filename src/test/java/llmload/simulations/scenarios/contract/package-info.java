/**
 * The parts of a contract run: its workloads, their prompts of exact length, and the traffic.
 *
 * <p>May use: all packages below {@code simulations}, and {@code simulations.scenarios}.
 */
@NullMarked
package llmload.simulations.scenarios.contract;

import org.jspecify.annotations.NullMarked;
