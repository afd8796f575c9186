package llmload.server.engine;

/**
 * One message of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant} or another word
 * @param content what is said
 */
public record ChatMessage(String role, String content) {}
