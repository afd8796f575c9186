/**
 * The embedded inference server: an OpenAI-compatible HTTP front end over one engine.
 *
 * <p>Requests arrive on Netty's event loop, are read and counted on the intake thread, wait in the
 * engine's queue, and are answered from the event loop as the engine hands out tokens. May use:
 * {@code server.engine}, {@code server.metrics}, {@code journal}, {@code model}, {@code config},
 * Netty, Jackson.
 */
@NullMarked
package llmload.server;

import org.jspecify.annotations.NullMarked;
