/**
 * The engine {@code simulated}: a stated model of latency, batching and the key-value cache.
 *
 * <p>{@code docs/engines.md} states the formulas. The model knows no clock: {@code Simulator} is
 * told the time, and {@code SimulatedEngine} runs it on an event loop. May use: {@code
 * server.engine}, {@code config}, Netty's executors, Jackson's escapes.
 */
@NullMarked
package llmload.server.engine.simulated;

import org.jspecify.annotations.NullMarked;
