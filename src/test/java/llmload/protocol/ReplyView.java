package llmload.protocol;

import io.gatling.javaapi.core.Session;
import llmload.model.RequestRecord;
import llmload.wire.Reply;

/**
 * A complete answer as a check sees it.
 *
 * @param record what goes to the journal unless the check fails
 * @param reply the answer itself
 * @param session the virtual user's attributes when the request was sent
 */
public record ReplyView(RequestRecord record, Reply reply, Session session) {}
