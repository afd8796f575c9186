package llmload.run;

import llmload.wire.ServerCall;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation needs of the server beside an answer; looked at before the first request.
 *
 * @param dialectKey the setting that names the cache dialect, without {@code llm.}
 * @param dialect its value
 * @param probe the call that a server of that dialect answers with a 2xx; {@code null} if nothing
 *     beside generating is asked of it
 * @param sizeKey the setting that makes requests long, without {@code llm.}
 * @param tokenCount tokens of the longest request, its answer included; 0 if no setting tells
 */
public record ServerNeeds(
    String dialectKey,
    String dialect,
    @Nullable ServerCall probe,
    String sizeKey,
    int tokenCount) {}
