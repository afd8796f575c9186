package llmload.protocol;

import llmload.model.RequestRecord;
import llmload.wire.Reply;

/**
 * A complete answer as a check sees it.
 *
 * @param record what goes to the journal unless the check fails
 * @param reply the answer itself
 */
public record ReplyView(RequestRecord record, Reply reply) {}
