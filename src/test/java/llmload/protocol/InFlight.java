package llmload.protocol;

import llmload.model.RequestRecord;

/** A request that has been sent and has not ended. */
public interface InFlight {
  /** Asks its event loop to end it as INCOMPLETE; returns at once. Any thread. */
  void abandon();

  /**
   * The least that can be said of it without its event loop, which may be blocked. Any thread.
   *
   * @param nowNanos the {@code System.nanoTime()} of the end
   */
  RequestRecord incomplete(long nowNanos);
}
