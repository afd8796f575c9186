/**
 * The state of one request while it is in flight: its stamps, its deadlines, its record.
 *
 * <p>Knows nothing of Gatling; {@code llmload.protocol.internal} drives it on an event loop.
 */
@NullMarked
package llmload.protocol.exchange;

import org.jspecify.annotations.NullMarked;
