package llmload.testing;

import java.io.IOException;

/** One thing that a scripted server does while it answers a request; {@link Steps} makes them. */
@FunctionalInterface
public interface Step {

  /**
   * Does it.
   *
   * @throws IOException if the client has left; the rest of the script is dropped
   * @throws InterruptedException if the server is closed meanwhile
   */
  void play(Exchange exchange) throws IOException, InterruptedException;
}
