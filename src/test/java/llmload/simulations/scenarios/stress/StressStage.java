package llmload.simulations.scenarios.stress;

/**
 * A stretch of a test in which the load holds, or changes in a line.
 *
 * @param name its word in the records' tag {@code stage}
 * @param timeNanos how long it lasts
 * @param fromCount users at its beginning
 * @param toCount users at its end
 */
record StressStage(String name, long timeNanos, int fromCount, int toCount) {
  /** The users that send {@code elapsedNanos} after it began. */
  int usersAt(long elapsedNanos) {
    double share = timeNanos == 0 ? 1 : Math.min(1, (double) elapsedNanos / timeNanos);
    return fromCount + (int) Math.round((toCount - fromCount) * share);
  }
}
