package llmload.model;

import java.util.List;
import java.util.Map;

/**
 * How the samples of one metric in one scope are spread, in few enough numbers to draw.
 *
 * @param unit the unit of every value and edge
 * @param count the number of samples
 * @param quantiles nearest-rank value by percent, both ascending; from 0, the smallest sample, to
 *     100, the largest. Steps whose nearest rank is the largest sample's are left out.
 * @param binEdges the edges of the bins, ascending, one more than there are bins
 * @param binCounts samples in each bin: above its lower edge and up to its upper one; the first
 *     holds its lower edge, too
 */
public record DistributionShape(
    String unit,
    long count,
    Map<Double, Double> quantiles,
    List<Double> binEdges,
    List<Long> binCounts) {}
