package llmload.simulations.scenarios.stress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import llmload.metrics.HostLoad;
import llmload.metrics.StressResults;
import llmload.metrics.StressRules;
import llmload.metrics.StressStairs;
import llmload.metrics.StressTally;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ServerPlace;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * Says which users send and which wait, so that exactly the wanted number of requests is in flight.
 *
 * <p>A user sends while its number is below the load of the moment. Between two tests, and between
 * two stairs, everybody waits until the last record is there: no test disturbs the next, and a
 * stair is judged on all of its answers. Thread safe.
 */
public final class StressControl {
  /** The name of the requests of the stairs. */
  public static final String STAIRS = StressResults.STAIRS;

  private final LongSupplier nanos;
  private final long patienceNanos;
  private final StressRules rules;
  private final ServerPlace place;
  private final Deque<StressPart> waiting;
  private final @Nullable StressStairs stairs;
  private final Duration stairTime;
  private final Duration refineTime;
  private @Nullable StressPart current;
  private int stageIndex;
  private long stageStartNanos;
  private boolean draining;
  private long drainStartNanos;
  private boolean climbing;
  private StressTally tally = new StressTally();
  private final List<HostLoad> looks = new ArrayList<>();
  private long sentCount;
  private long recordedCount;

  /**
   * The turns of a run.
   *
   * @param nanos the monotonic clock
   * @param place where the server is
   * @param patience how long a request can take at most: for so long a record is waited for
   */
  public StressControl(
      StressSettings settings, ServerPlace place, LongSupplier nanos, Duration patience) {
    this.place = place;
    this.nanos = nanos;
    this.patienceNanos = patience.toNanos();
    this.rules = settings.breaking();
    this.waiting = new ArrayDeque<>(settings.tests());
    this.stairs =
        settings.hasStairs()
            ? new StressStairs(settings.stepCount(), settings.maxConcurrencyCount())
            : null;
    this.stairTime = settings.stairTime();
    this.refineTime = settings.refineTime();
  }

  /** What the user of that number, from 0, is to do. */
  public synchronized StressTurn next(int user) {
    long now = nanos.getAsLong();
    if (current == null && !begin(now)) {
      return StressTurn.LEAVE;
    }
    StressPart test = advance(now);
    if (test == null) {
      return StressTurn.LEAVE;
    }
    if (draining) {
      return StressTurn.WAIT;
    }
    StressStage stage = test.stages().get(stageIndex);
    int users = stage.usersAt(now - stageStartNanos);
    if (user >= users) {
      return StressTurn.WAIT;
    }
    sentCount++;
    return new StressTurn(StressTurn.Action.SEND, test.name(), stage.name(), users);
  }

  /** A record came into the journal. */
  public synchronized void recorded(RequestRecord request) {
    if (request.phase() == Phase.MEASURE) {
      recordedCount++;
      tally.add(request);
    }
  }

  /** A telemetry sample came into the journal. */
  public synchronized void sampled(TelemetrySample sample) {
    HostLoad.of(sample).ifPresent(looks::add);
  }

  private @Nullable StressPart advance(long now) {
    StressPart test = current;
    while (test != null && !draining) {
      long time = test.stages().get(stageIndex).timeNanos();
      if (now - stageStartNanos < time) {
        return test;
      }
      stageStartNanos += time;
      stageIndex++;
      if (stageIndex == test.stages().size()) {
        draining = true;
        drainStartNanos = now;
      }
    }
    boolean drained = recordedCount >= sentCount || now - drainStartNanos > patienceNanos;
    if (draining && drained) {
      end();
      return begin(now) ? current : null;
    }
    return test;
  }

  private void end() {
    StressStairs open = stairs;
    if (climbing && open != null) {
      looks.forEach(tally::addHost);
      open.outcome(rules.judge(tally, place).passed());
    }
    current = null;
  }

  private boolean begin(long now) {
    StressPart next = waiting.poll();
    if (next == null) {
      next = stair();
    }
    if (next == null) {
      return false;
    }
    current = next;
    stageIndex = 0;
    stageStartNanos = now;
    draining = false;
    sentCount = 0;
    recordedCount = 0;
    tally = new StressTally();
    looks.clear();
    return true;
  }

  private @Nullable StressPart stair() {
    OptionalInt level = stairs == null ? OptionalInt.empty() : stairs.next();
    if (level.isEmpty()) {
      return null;
    }
    climbing = true;
    boolean refining = stairs != null && stairs.isRefining();
    Duration time = refining ? refineTime : stairTime;
    int users = level.getAsInt();
    String stage = refining ? "refine" : "stair";
    return new StressPart(STAIRS, List.of(new StressStage(stage, time.toNanos(), users, users)));
  }
}
