package llmload.model;

import org.jspecify.annotations.Nullable;

/**
 * The load that was asked for. What the plan does not limit is {@code null}.
 *
 * @param kind the request's kind, {@link RequestKind#id()}, or the simulation's own word
 * @param model {@code closed} (a number of users) or {@code open} (an arrival rate)
 * @param userCount users of a closed load
 * @param requestsPerSecond arrival rate of an open load
 * @param arrival the arrivals' distribution of an open load: {@code constant}, {@code poisson} ...
 * @param plannedCount measured requests that the plan asks for; {@code null} if time ends the run
 * @param durationSeconds time that the plan gives; {@code null} if a count ends the run
 * @param stream whether answers are streamed
 * @param seed the seed of everything random
 */
public record LoadPlan(
    String kind,
    String model,
    @Nullable Integer userCount,
    @Nullable Double requestsPerSecond,
    @Nullable String arrival,
    @Nullable Long plannedCount,
    @Nullable Double durationSeconds,
    boolean stream,
    @Nullable Long seed) {}
