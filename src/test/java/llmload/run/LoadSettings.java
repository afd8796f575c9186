package llmload.run;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import llmload.config.SettingsReader;
import llmload.model.LoadPlan;
import llmload.model.RequestKind;
import org.jspecify.annotations.Nullable;

/**
 * The load: what is sent, by whom, when, and when it ends.
 *
 * @param workload what is sent, in a word: the kind's, or the simulation's own
 * @param kind what each request asks for
 * @param users users of a closed load
 * @param ratePerSecond arrivals per second of an open load; absent for a closed one
 * @param arrival how an open load's arrivals are spread
 * @param burstiness the shape of gamma arrivals; 1 is Poisson, less is burstier
 * @param requests measured requests in all; absent if time ends the run
 * @param duration time to measure; absent if a count ends the run
 * @param maxDuration the longest the whole run may take, warm-up and drain included
 * @param drain how long requests in flight may go on after {@code duration}
 * @param rampUp the time over which users or arrivals grow to their full number
 * @param warmUpCount warm-up requests, where a count was given
 * @param warmUpTime warm-up time, where a duration was given
 * @param thinkTime a user's pause between an answer and the next request
 * @param seed of everything random
 */
public record LoadSettings(
    String workload,
    RequestKind kind,
    int users,
    OptionalDouble ratePerSecond,
    String arrival,
    double burstiness,
    OptionalLong requests,
    Optional<Duration> duration,
    Optional<Duration> maxDuration,
    Duration drain,
    Duration rampUp,
    OptionalLong warmUpCount,
    Optional<Duration> warmUpTime,
    Duration thinkTime,
    long seed) {

  private static final long DEFAULT_REQUESTS = 50;
  private static final int MAX_USERS = 100_000;
  private static final Map<String, RequestKind> KINDS =
      Stream.of(
              RequestKind.CHAT,
              RequestKind.COMPLETION,
              RequestKind.STRUCTURED,
              RequestKind.CONVERSATION,
              RequestKind.HEALTH,
              RequestKind.MODELS)
          .collect(toMap(RequestKind::id, kind -> kind, (a, b) -> a, LinkedHashMap::new));

  static LoadSettings read(SettingsReader settings, Workload workload) {
    RequestKind kind = workload.kind(settings.choice("kind", KINDS, RequestKind.CHAT));
    boolean open = settings.text("rate").isPresent();
    if (open && settings.text("users").isPresent()) {
      settings.problem(
          "llm.rate: Expecting either users (a closed load) or rate (an open one). Found: both.");
    }
    workload.problem(settings, kind, open);
    int users = settings.integer("users", 1, 1, MAX_USERS);
    OptionalLong requests = settings.longNumber("requests", 1, Long.MAX_VALUE);
    Optional<Duration> duration = positive(settings, "duration");
    if (requests.isEmpty() && duration.isEmpty() && !workload.ownEnd()) {
      requests =
          OptionalLong.of(
              kind == RequestKind.RETRIEVAL
                  ? RetrievalSettings.queryCount(settings)
                  : DEFAULT_REQUESTS);
    }
    WarmUp warmUp = WarmUp.read(settings, open ? 4 : users);
    return new LoadSettings(
        workload.name(kind),
        kind,
        users,
        settings.number("rate", 0.001, 1_000_000),
        settings.choice("arrival", List.of("constant", "poisson", "gamma"), "poisson"),
        settings.number("burstiness", 1, 0.01, 100),
        requests,
        duration,
        positive(settings, "maxDuration"),
        settings.duration("drain", Duration.ofSeconds(5)),
        settings.duration("rampUp", Duration.ZERO),
        warmUp.count(),
        warmUp.time(),
        settings.duration("thinkTime", Duration.ZERO),
        settings.longNumber("seed", 42, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  /** The measured requests; {@value #DEFAULT_REQUESTS} where only time was given. */
  public long requestCount() {
    return requests.orElse(DEFAULT_REQUESTS);
  }

  /** The warm-up of this load alone, for one that has several measured parts. */
  public LoadSettings warmUpOnly() {
    return part(users, 0, warmUpCount, warmUpTime);
  }

  /**
   * A measured part of this load, without warm-up.
   *
   * @param partUsers its users
   * @param partRequests its requests
   */
  public LoadSettings part(int partUsers, long partRequests) {
    return part(partUsers, partRequests, OptionalLong.of(0), Optional.empty());
  }

  /**
   * A measured part of this load with a warm-up of its own.
   *
   * @param warmUps requests that are sent first and not measured
   */
  public LoadSettings part(int partUsers, long partRequests, long warmUps) {
    return part(partUsers, partRequests, OptionalLong.of(warmUps), Optional.empty());
  }

  /**
   * A part of this load that is open, without warm-up.
   *
   * @param distribution {@code constant}, {@code poisson} or {@code gamma}
   * @param shape of gamma arrivals
   */
  public LoadSettings arrivals(
      String distribution, double requestsPerSecond, double shape, long partRequests) {
    return new LoadSettings(
        workload,
        kind,
        users,
        OptionalDouble.of(requestsPerSecond),
        distribution,
        shape,
        OptionalLong.of(partRequests),
        duration,
        maxDuration,
        drain,
        Duration.ZERO,
        OptionalLong.of(0),
        Optional.empty(),
        Duration.ZERO,
        seed);
  }

  /**
   * A measured part of this load that ends by time, without warm-up.
   *
   * @param partUsers its users
   * @param time how long they send
   */
  public LoadSettings part(int partUsers, Duration time) {
    return part(
        partUsers, OptionalLong.empty(), Optional.of(time), OptionalLong.of(0), Optional.empty());
  }

  private LoadSettings part(
      int partUsers, long partRequests, OptionalLong warmUps, Optional<Duration> warmUpDuration) {
    return part(partUsers, OptionalLong.of(partRequests), duration, warmUps, warmUpDuration);
  }

  private LoadSettings part(
      int partUsers,
      OptionalLong partRequests,
      Optional<Duration> time,
      OptionalLong warmUps,
      Optional<Duration> warmUpDuration) {
    return new LoadSettings(
        workload,
        kind,
        partUsers,
        OptionalDouble.empty(),
        arrival,
        burstiness,
        partRequests,
        time,
        maxDuration,
        drain,
        Duration.ZERO,
        warmUps,
        warmUpDuration,
        thinkTime,
        seed);
  }

  private static Optional<Duration> positive(SettingsReader settings, String key) {
    Optional<Duration> value = settings.duration(key);
    if (value.isPresent() && value.get().isZero()) {
      settings.reject(key, "a duration above 0");
    }
    return value;
  }

  /** Whether arrivals, and not users, make the load. */
  public boolean isOpen() {
    return ratePerSecond.isPresent();
  }

  /** The same as the report shows it. */
  LoadPlan plan(boolean stream, @Nullable Long plannedCount) {
    return new LoadPlan(
        workload,
        isOpen() ? "open" : "closed",
        isOpen() ? null : users,
        isOpen() ? ratePerSecond.getAsDouble() : null,
        isOpen() ? arrival : null,
        plannedCount,
        duration.map(d -> d.toNanos() / 1e9).orElse(null),
        stream && kind.isGeneration(),
        seed);
  }

  private record WarmUp(OptionalLong count, Optional<Duration> time) {
    static WarmUp read(SettingsReader settings, int users) {
      String text = settings.text("warmUp", Long.toString(Math.max(8, 2L * users)));
      if (text.matches("\\d{1,9}")) {
        return new WarmUp(OptionalLong.of(Long.parseLong(text)), Optional.empty());
      }
      Optional<Duration> time = settings.duration("warmUp");
      return new WarmUp(OptionalLong.empty(), time);
    }
  }
}
