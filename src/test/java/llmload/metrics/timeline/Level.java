package llmload.metrics.timeline;

/**
 * How a gauge stood over a span.
 *
 * @param unit the unit of the gauge; empty where the reader knows it
 * @param mean weighed by time, over the covered time; of the samples alone where no time is covered
 * @param min the least of the samples in the span and of the values at the edges of what is covered
 * @param max the greatest of the same
 * @param integral value times seconds, over the covered time
 * @param sampleCount samples in the span
 * @param coveredRatio share of the span between samples that are near enough to each other
 */
public record Level(
    String unit,
    double mean,
    double min,
    double max,
    double integral,
    int sampleCount,
    double coveredRatio) {}
