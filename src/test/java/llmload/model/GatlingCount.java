package llmload.model;

/**
 * How many requests of one name Gatling itself counted.
 *
 * @param okCount OK requests
 * @param koCount KO requests
 */
public record GatlingCount(long okCount, long koCount) {}
