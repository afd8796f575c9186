package llmload.architecture.violations.model;

/** Numbers without a unit beside numbers with one. */
record Timing(long latency, int timeout, double rate, long ttftNanos, int turn, long count) {}
