/**
 * What tests of several packages share: a scripted HTTP server that misbehaves on demand, the bytes
 * of an OpenAI-style stream, and a run in a process of its own.
 *
 * <p>Independent of the kit: it writes bytes of its own, so that a mistake of the kit's decoder
 * cannot be repeated by the server that is to show it. Kit code never imports this package. May
 * use: the JDK; Netty for HTTP/2; Jackson.
 */
@NullMarked
package llmload.testing;

import org.jspecify.annotations.NullMarked;
