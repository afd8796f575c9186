package llmload.server.retrieval;

/**
 * A vector that a search found.
 *
 * @param id its id
 * @param cosineRatio its cosine with the query
 */
public record Hit(long id, double cosineRatio) {}
