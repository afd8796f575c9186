package llmload.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/**
 * Takes the tokens of several sequences in turn, from one thread.
 *
 * <p>llama.cpp decodes all active sequences in one step and leaves one result for each in a common
 * list. A reader whose own result is not in it spins as long as another's is, so readers on several
 * threads starve one another and the engine. One reader that goes round finds the list empty each
 * time it must wait, provided that the sequences stand in the order in which the steps serve them.
 * A new sequence joins a step that is not known beforehand, this one or the next; placed just ahead
 * of the sequence that has to wait for each step, it fits in both cases.
 */
final class TokenRing implements Runnable {
  /** One sequence; called by the ring's thread only. */
  interface Sequence {
    /** Hands the prompt to the engine. */
    void begin();

    /** Waits for the next token and passes it on; false after the last. */
    boolean advance();

    /** Ends the sequence because of {@code fault}. */
    void fail(RuntimeException fault);
  }

  private static final class Member {
    final Sequence sequence;
    long waitedNanos;

    Member(Sequence sequence) {
      this.sequence = sequence;
    }
  }

  private final LongSupplier nanos;
  private final BlockingQueue<Sequence> incoming = new LinkedBlockingQueue<>();
  private final List<Member> ring = new ArrayList<>();
  private int position;
  private volatile boolean closed;

  TokenRing(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Adds a sequence; any thread. */
  void add(Sequence sequence) {
    incoming.add(sequence);
    if (closed) {
      refuseIncoming();
    }
  }

  /** Ends the ring's thread at its next turn; what is unfinished fails. */
  void close(Thread ringThread) {
    closed = true;
    ringThread.interrupt();
  }

  @Override
  public void run() {
    while (!closed) {
      try {
        turn();
      } catch (InterruptedException e) {
        // Only close() interrupts, and it has set the flag.
        break;
      }
    }
    for (Member member : ring) {
      member.sequence.fail(new IllegalStateException("the engine was closed"));
    }
    ring.clear();
    refuseIncoming();
  }

  /** One token of the sequence whose turn it is; waits for a sequence if there is none. */
  void turn() throws InterruptedException {
    if (ring.isEmpty()) {
      position = 0;
      admit(incoming.take());
      position = 0;
    }
    if (ring.isEmpty()) {
      return;
    }
    if (position == slowest()) {
      for (Sequence next = incoming.poll(); next != null; next = incoming.poll()) {
        admit(next);
      }
    }
    Member member = ring.get(position);
    long before = nanos.getAsLong();
    boolean more = advance(member.sequence);
    member.waitedNanos = nanos.getAsLong() - before;
    if (more) {
      position++;
    } else {
      ring.remove(position);
    }
    if (position >= ring.size()) {
      position = 0;
    }
  }

  /** How many sequences are in the ring. */
  int size() {
    return ring.size();
  }

  private void admit(Sequence sequence) {
    try {
      sequence.begin();
    } catch (RuntimeException e) {
      sequence.fail(e);
      return;
    }
    ring.add(position, new Member(sequence));
    position++;
  }

  private static boolean advance(Sequence sequence) {
    try {
      return sequence.advance();
    } catch (RuntimeException e) {
      sequence.fail(e);
      return false;
    }
  }

  /** The one that waited longest for its last token: it is where a step begins. */
  private int slowest() {
    int slowest = 0;
    for (int i = 1; i < ring.size(); i++) {
      if (ring.get(i).waitedNanos > ring.get(slowest).waitedNanos) {
        slowest = i;
      }
    }
    return slowest;
  }

  private void refuseIncoming() {
    for (Sequence next = incoming.poll(); next != null; next = incoming.poll()) {
      next.fail(new IllegalStateException("the engine was closed"));
    }
  }
}
