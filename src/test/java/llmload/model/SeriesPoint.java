package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * One interval of the measured window. Percentiles without a sample are {@code null}: a gap.
 *
 * @param startSeconds the interval's start, since the first measured request was sent
 * @param widthSeconds its length
 * @param startedCount requests sent in it
 * @param okCount requests that ended OK in it
 * @param failedCount requests that failed in it
 * @param activeCount requests in flight at its end
 * @param outputTokenCount tokens that arrived in it, of OK requests
 * @param ttftP50Millis median TTFT of the OK requests sent in it
 * @param ttftP99Millis 99th percentile of the same
 * @param itlP50Millis median ITL of the tokens that arrived in it
 * @param itlP99Millis 99th percentile of the same
 * @param e2eP50Millis median E2E of the OK requests sent in it
 * @param e2eP99Millis 99th percentile of the same
 */
public record SeriesPoint(
    double startSeconds,
    double widthSeconds,
    long startedCount,
    long okCount,
    long failedCount,
    long activeCount,
    long outputTokenCount,
    @Nullable Double ttftP50Millis,
    @Nullable Double ttftP99Millis,
    @Nullable Double itlP50Millis,
    @Nullable Double itlP99Millis,
    @Nullable Double e2eP50Millis,
    @Nullable Double e2eP99Millis) {}
