package llmload.metrics.timeline;

/**
 * What a counter grew by over a span.
 *
 * @param unit the unit of {@code value}; empty where the reader knows it
 * @param value the growth, over the covered time alone
 * @param edgeError how far the straight lines at both edges may be off, either way
 * @param resetCount how often the counter fell, each time taken for a start from 0
 * @param coveredRatio share of the span of which the growth is known
 */
public record Growth(
    String unit, double value, double edgeError, int resetCount, double coveredRatio) {}
