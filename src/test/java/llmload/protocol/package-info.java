/**
 * The {@code llm} protocol: the DSL that scenarios are written in, and what a request leaves
 * behind.
 *
 * <p>{@link llmload.protocol.LlmDsl} is the way in. Everything that touches Gatling's internals is
 * in {@code llmload.protocol.internal}. May use: model, config, metrics, wire, journal, schema,
 * Gatling, Netty.
 */
@NullMarked
package llmload.protocol;

import org.jspecify.annotations.NullMarked;
