package llmload.protocol;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import llmload.journal.RunJournal;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where the protocol reports each request: to the journal, once, whatever happens.
 *
 * <p>Thread safe. A request is entered when it is sent and left when it ends; what is still entered
 * when the run ends is recorded as INCOMPLETE by {@link #freeze}, and nothing that ends later
 * counts.
 */
public final class RequestLog {
  private final @Nullable RunJournal journal;
  private final UnaryOperator<String> redactor;
  private final LongSupplier nanos;
  private final EventLoopLag lag;
  private final AtomicLong nextId = new AtomicLong();
  private final Set<InFlight> inFlight = ConcurrentHashMap.newKeySet();
  private volatile boolean frozen;
  private volatile boolean stopped;

  private RequestLog(
      @Nullable RunJournal journal, UnaryOperator<String> redactor, LongSupplier nanos) {
    this.journal = journal;
    this.redactor = redactor;
    this.nanos = nanos;
    this.lag = new EventLoopLag(nanos);
  }

  /** A log that keeps nothing, for simulations that only want Gatling's own report. */
  public static RequestLog none() {
    return new RequestLog(null, UnaryOperator.identity(), System::nanoTime);
  }

  /**
   * A log that writes to {@code journal}.
   *
   * @param redactor takes secrets out of a text that came from the server
   */
  public static RequestLog to(RunJournal journal, UnaryOperator<String> redactor) {
    return new RequestLog(journal, redactor, System::nanoTime);
  }

  /** The {@code System.nanoTime()} from which the run's moments count. */
  public long anchorNanos() {
    return journal == null ? 0 : journal.anchorNanos();
  }

  /** An id that no other request of the run has. */
  public String newId() {
    return "r" + nextId.incrementAndGet();
  }

  /** Takes secrets out of a text. */
  public String redact(String text) {
    return redactor.apply(text);
  }

  /** A request is being sent; {@code false} if it must not be, since the run has ended. */
  public boolean enter(InFlight request, Phase phase) {
    if (frozen) {
      return false;
    }
    if (journal != null) {
      journal.started(phase);
    }
    inFlight.add(request);
    return true;
  }

  /** A request ended; {@code false} if it had been left already, and the record is not kept. */
  public boolean leave(InFlight request, RequestRecord record) {
    if (!inFlight.remove(request)) {
      return false;
    }
    if (journal != null) {
      journal.append(record);
    }
    return true;
  }

  /** The event loops that send this log's requests. */
  public EventLoopLag eventLoopLag() {
    return lag;
  }

  /** Whether the load should end early; loops and actions ask before each request. */
  public boolean isStopped() {
    return stopped;
  }

  /** Ends the load early: no further request is sent. */
  public void stop() {
    stopped = true;
  }

  /** Ends the load now: what is in flight becomes INCOMPLETE, and its users go on. */
  public void abandonAll() {
    stopped = true;
    inFlight.forEach(InFlight::abandon);
  }

  /** The number of requests in flight. */
  public int inFlightCount() {
    return inFlight.size();
  }

  /**
   * Ends the record: requests in flight become INCOMPLETE, later ones are refused. Blocks for at
   * most {@code patienceMillis} while event loops hand in what they know.
   */
  public void freeze(long patienceMillis) {
    frozen = true;
    stopped = true;
    for (InFlight request : inFlight) {
      request.abandon();
    }
    long deadline = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    while (!inFlight.isEmpty() && nanos.getAsLong() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    for (InFlight request : inFlight) {
      leave(request, request.incomplete(nanos.getAsLong()));
    }
  }
}
