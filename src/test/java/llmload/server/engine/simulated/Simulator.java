package llmload.server.engine.simulated;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import llmload.server.engine.EngineException;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.FinishReason;
import llmload.server.engine.GenerationResult;
import llmload.server.engine.simulated.SimulatedSequence.State;
import org.jspecify.annotations.Nullable;

/**
 * The simulated server's scheduler: a queue, and either a lane that computes prompts and a batch in
 * which each answer has steps of its own, or steps that compute prompts and answers together.
 *
 * <p>Knows no clock: each call says what time it is, in nanoseconds of any origin, and {@link
 * #advance} does what was due until then, at the time it was due. A caller that comes late makes
 * tokens late, but shifts none that follow. One thread at a time.
 */
final class Simulator {
  /** Nothing is due. */
  static final long NEVER = Long.MAX_VALUE;

  private record Due(long atNanos, long id, SimulatedSequence sequence, int plan)
      implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      // By difference: a nanosecond clock may pass the largest number.
      long ahead = atNanos - other.atNanos;
      return ahead == 0 ? Long.compare(id, other.id) : ahead < 0 ? -1 : 1;
    }
  }

  private final SimulatedSettings settings;
  private final LatencyModel latency;
  private final @Nullable KvCache cache;
  private final @Nullable StepBatch steps;
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final Deque<SimulatedSequence> waiting = new ArrayDeque<>();
  private final List<SimulatedSequence> running = new ArrayList<>();
  private int arrivingCount;
  private boolean anyLeft;
  private long lastLeftNanos;
  private boolean laneUsed;
  private long laneFreeNanos;
  private int decodingCount;
  private long planCount;
  private long queriedTokens;
  private long hitTokens;
  private long recomputedTokens;
  private long preemptionCount;
  private long draftCount;
  private long draftTokens;
  private long acceptedTokens;

  Simulator(SimulatedSettings settings) {
    this.settings = settings;
    latency = settings.latency();
    SimulatedSettings.KvCacheShape kv = settings.kvCache();
    cache = kv == null ? null : new KvCache(kv.blockCount(), kv.blockTokens(), kv.prefixCaching());
    Integer budget = settings.maxBatchedTokens();
    steps =
        budget == null
            ? null
            : new StepBatch(
                latency,
                budget,
                1 + settings.draftTokenCount(),
                new SplittableRandom(settings.seed()));
  }

  /**
   * Queues a sequence; it may begin at once.
   *
   * @param arrivedNanos when it came, possibly before what was done last: reading it took a while.
   *     A place that got free in the meantime is its own only from then on.
   */
  void submit(long arrivedNanos, SimulatedSequence sequence) {
    long headNanos = steps == null ? 0 : latency.firstTokenNanos(sequence.random);
    if (headNanos > 0) {
      // With common steps, what a request costs besides its prompt comes before the queue.
      arrivingCount++;
      plan(sequence, arrivedNanos + headNanos);
      return;
    }
    waiting.add(sequence);
    boolean before = anyLeft && arrivedNanos - lastLeftNanos < 0;
    admitWaiting(before ? lastLeftNanos : arrivedNanos);
    beginStep(before ? lastLeftNanos : arrivedNanos);
  }

  /** Takes a sequence out, wherever it is; its sink is told nothing. */
  void withdraw(long nowNanos, SimulatedSequence sequence) {
    if (sequence.state == State.OVER) {
      return;
    }
    if (sequence.state == State.WAITING) {
      arrivingCount -= waiting.remove(sequence) ? 0 : 1;
      sequence.plan++;
      sequence.state = State.OVER;
    } else {
      leave(sequence, State.OVER, nowNanos);
    }
    admitWaiting(nowNanos);
    beginStep(nowNanos);
  }

  /**
   * Does what is due until {@code nowNanos}, at most {@code limit} steps of it.
   *
   * @return when the next is due, possibly in the past; {@link #NEVER} if nothing is
   */
  long advance(long nowNanos, int limit) {
    for (int done = 0; ; done++) {
      Due next = nextDue();
      StepBatch step = stepBefore(next);
      long atNanos;
      if (step != null) {
        atNanos = step.endNanos();
      } else if (next != null) {
        atNanos = next.atNanos;
      } else {
        return NEVER;
      }
      if (atNanos - nowNanos > 0 || done == limit) {
        return atNanos;
      }
      if (step == null) {
        due(due.remove().sequence, atNanos);
      } else {
        endStep(step, atNanos);
      }
    }
  }

  /** The common step, if it is under way and ends no later than {@code next} is due. */
  private @Nullable StepBatch stepBefore(@Nullable Due next) {
    boolean first =
        steps != null && steps.underWay() && (next == null || steps.endNanos() - next.atNanos <= 0);
    return first ? steps : null;
  }

  private @Nullable Due nextDue() {
    Due next = due.peek();
    while (next != null && next.sequence.plan != next.plan) {
      due.remove();
      next = due.peek();
    }
    return next;
  }

  /** Fails everything that is queued or running. */
  void failAll(EngineException fault) {
    Set<SimulatedSequence> all = new LinkedHashSet<>(running);
    all.addAll(waiting);
    for (Due next = nextDue(); next != null; next = nextDue()) {
      // What has not arrived in the queue is nowhere else.
      all.add(next.sequence);
      due.remove();
    }
    arrivingCount = 0;
    waiting.clear();
    running.clear();
    for (SimulatedSequence sequence : all) {
      sequence.state = State.OVER;
      sequence.sink.failed(fault);
    }
  }

  EngineFigures figures() {
    EngineFigures.Cache shown =
        cache == null
            ? null
            : new EngineFigures.Cache(
                cache.blockCount(),
                cache.blockTokens(),
                cache.usedBlockCount(),
                cache.prefixCaching(),
                queriedTokens,
                hitTokens,
                recomputedTokens,
                preemptionCount,
                cache.evictedCount());
    return new EngineFigures(
        running.size(),
        waiting.size() + arrivingCount,
        null,
        shown,
        steps == null ? null : steps.figures(),
        settings.draftTokenCount() == 0
            ? null
            : new EngineFigures.Speculation(draftCount, draftTokens, acceptedTokens));
  }

  private void admitWaiting(long atNanos) {
    while (!waiting.isEmpty() && running.size() < settings.maxBatchCount()) {
      SimulatedSequence head = waiting.element();
      int cached = 0;
      if (cache != null) {
        KvCache.Lease lease = cache.admit(head.tokens, head.tokenCount());
        if (lease == null) {
          return;
        }
        head.lease = lease;
        cached = lease.cachedTokenCount();
      }
      Integer held = head.heldCount;
      if (held != null) {
        // The last token of a prompt is always computed: its result is the answer's first token.
        cached = Math.max(cached, Math.min(held, head.promptCount - 1));
      }
      waiting.remove();
      begin(head, cached, atNanos);
    }
  }

  private void begin(SimulatedSequence sequence, int cachedCount, long atNanos) {
    running.add(sequence);
    sequence.state = State.PREFILL;
    int computedCount = sequence.tokenCount() - cachedCount;
    boolean first = sequence.admissionCount++ == 0;
    if (first) {
      sequence.sink.begun();
      sequence.cachedCount = sequence.heldCount == null ? null : cachedCount;
      if (cache != null && cache.prefixCaching()) {
        sequence.cachedCount = cachedCount;
        queriedTokens += sequence.promptCount;
        hitTokens += cachedCount;
      }
      if (settings.roleEarly()) {
        sequence.sink.announced();
      }
    } else {
      recomputedTokens += computedCount;
    }
    sequence.stepTokenCount = 1;
    if (steps != null) {
      sequence.uncomputedCount = computedCount;
      return;
    }
    boolean laneFree = !laneUsed || laneFreeNanos - atNanos < 0;
    laneUsed = true;
    laneFreeNanos = (laneFree ? atNanos : laneFreeNanos) + latency.prefillNanos(computedCount);
    long wait = first ? latency.firstTokenNanos(sequence.random) : 0;
    plan(sequence, laneFreeNanos + wait);
  }

  private void plan(SimulatedSequence sequence, long atNanos) {
    due.add(new Due(atNanos, planCount++, sequence, ++sequence.plan));
  }

  private void due(SimulatedSequence sequence, long atNanos) {
    if (sequence.state == State.WAITING) {
      arrivingCount--;
      waiting.add(sequence);
      admitWaiting(atNanos);
    } else {
      step(sequence, atNanos);
    }
    beginStep(atNanos);
  }

  private void beginStep(long atNanos) {
    if (steps != null && !steps.underWay()) {
      steps.begin(running, atNanos);
    }
  }

  private void endStep(StepBatch ended, long atNanos) {
    ended.end();
    for (SimulatedSequence sequence : List.copyOf(running)) {
      int share = sequence.shareTokens;
      sequence.shareTokens = 0;
      // One that was put back meanwhile has no share any more, even if it came again.
      if (share > 0 && sequence.state == State.PREFILL) {
        sequence.uncomputedCount -= share;
        if (sequence.uncomputedCount == 0) {
          step(sequence, atNanos);
        }
      } else if (share > 0 && --sequence.stepsLeftCount == 0) {
        step(sequence, atNanos);
      }
    }
    beginStep(atNanos);
  }

  private void step(SimulatedSequence sequence, long atNanos) {
    if (cache != null && sequence.lease != null) {
      cache.computed(sequence.lease, sequence.tokens, sequence.tokenCount());
    }
    if (sequence.state == State.PREFILL) {
      if (sequence.failing) {
        leave(sequence, State.OVER, atNanos);
        sequence.sink.failed(new EngineException("engine simulated: this request is one to fail"));
        admitWaiting(atNanos);
        return;
      }
      sequence.state = State.DECODE;
      decodingCount++;
    }
    boolean wanted = sequence.emit(sequence.stepTokenCount);
    if (sequence.state == State.OVER) {
      return;
    }
    if (!wanted || sequence.remainingCount() == 0) {
      end(sequence, wanted ? sequence.answer.finish() : FinishReason.CANCELLED, atNanos);
    } else if (hasRoom(sequence, atNanos)) {
      planStep(sequence, atNanos);
    } else {
      admitWaiting(atNanos);
    }
  }

  private void planStep(SimulatedSequence sequence, long atNanos) {
    int count = 0;
    int tokens = 0;
    while (count < settings.tokensPerChunk() && tokens < sequence.remainingCount()) {
      count++;
      tokens += 1 + drafted(sequence);
    }
    sequence.stepTokenCount = tokens;
    if (steps == null) {
      plan(sequence, atNanos + latency.stepsNanos(decodingCount, count, sequence.random));
    } else {
      sequence.stepsLeftCount = count;
    }
  }

  /** How many of a step's drafted tokens are accepted: the run of successes before a failure. */
  private int drafted(SimulatedSequence sequence) {
    int draft = settings.draftTokenCount();
    if (draft == 0) {
      return 0;
    }
    int accepted = 0;
    while (accepted < draft && sequence.random.nextDouble() < settings.acceptanceRatio()) {
      accepted++;
    }
    draftCount++;
    draftTokens += draft;
    acceptedTokens += accepted;
    return accepted;
  }

  /**
   * Makes room for the tokens so far, if need be by putting the sequences admitted last back into
   * the queue; false if {@code sequence} itself went back.
   */
  private boolean hasRoom(SimulatedSequence sequence, long atNanos) {
    KvCache.Lease lease = sequence.lease;
    if (cache == null || lease == null) {
      return true;
    }
    while (!cache.grow(lease, sequence.tokenCount())) {
      SimulatedSequence victim = running.get(running.size() - 1);
      leave(victim, State.WAITING, atNanos);
      waiting.addFirst(victim);
      preemptionCount++;
      if (victim == sequence) {
        return false;
      }
    }
    return true;
  }

  private void end(SimulatedSequence sequence, FinishReason reason, long atNanos) {
    leave(sequence, State.OVER, atNanos);
    boolean reasons = sequence.answer.reasoningCount() > 0;
    sequence.sink.ended(
        new GenerationResult(
            reason,
            sequence.generatedCount,
            reasons ? Math.min(sequence.generatedCount, sequence.answer.reasoningCount()) : null,
            sequence.cachedCount));
    admitWaiting(atNanos);
  }

  private void leave(SimulatedSequence sequence, State next, long atNanos) {
    anyLeft = true;
    lastLeftNanos = atNanos;
    if (sequence.state == State.DECODE) {
      decodingCount--;
    }
    // From the end: that is where a preempted sequence stands.
    running.remove(running.lastIndexOf(sequence));
    sequence.state = next;
    sequence.shareTokens = 0;
    sequence.plan++;
    if (cache != null && sequence.lease != null) {
      cache.release(sequence.lease);
      sequence.lease = null;
    }
  }
}
