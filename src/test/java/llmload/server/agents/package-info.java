/**
 * Sessions whose caches outlive a request: in memory, on disk, or gone.
 *
 * <p>Knows files and token counts, neither HTTP nor engines. May use: the JDK alone.
 */
@NullMarked
package llmload.server.agents;

import org.jspecify.annotations.NullMarked;
