package llmload.simulations.scenarios.stress;

/**
 * What a user is to do next.
 *
 * @param action send, wait a little and ask again, or leave
 * @param test the test that its request belongs to; empty if it sends none
 * @param stage the stage of that test
 * @param userCount how many users send at that moment
 */
public record StressTurn(Action action, String test, String stage, int userCount) {
  /** Ask again in a moment. */
  static final StressTurn WAIT = new StressTurn(Action.WAIT, "", "", 0);

  /** The run is over. */
  static final StressTurn LEAVE = new StressTurn(Action.LEAVE, "", "", 0);

  /** What to do. */
  public enum Action {
    /** Send one request. */
    SEND,
    /** Ask again in a moment. */
    WAIT,
    /** Leave for good. */
    LEAVE
  }
}
