/**
 * The APIs that inference servers speak: request bodies, streamed and whole answers, token usage,
 * errors.
 *
 * <p>Bytes in, values out: no sockets, no clock. The way of a streamed answer is {@link
 * llmload.wire.StreamReplyReader}: a decoder cuts the body into events, a frame parser reads each
 * event's JSON, and a template recognises the frames that only repeat the one before. May use:
 * {@code model}, Jackson.
 */
@NullMarked
package llmload.wire;

import org.jspecify.annotations.NullMarked;
