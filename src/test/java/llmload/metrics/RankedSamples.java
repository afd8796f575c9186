package llmload.metrics;

/** Samples that can be asked for the one of a given rank. */
interface RankedSamples {
  /** The sample of {@code rank} in ascending order, from 1 to the number of samples. */
  double atRank(long rank);

  /** How many samples lie strictly above {@code threshold}. */
  long countAbove(double threshold);
}
