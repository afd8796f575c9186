/**
 * Engines that turn a prompt into tokens; they know nothing of HTTP.
 *
 * <p>May use: {@code model}, the llama.cpp binding, Jackson.
 */
@NullMarked
package llmload.server.engine;

import org.jspecify.annotations.NullMarked;
