package llmload.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The answering side of one request, in the terms that HTTP/1.1 and HTTP/2 share. Used by one
 * thread. Each write is handed to the operating system before the call returns.
 */
public interface Exchange {

  /**
   * Sends the status and headers.
   *
   * @param headers lines {@code Name: value}
   */
  void head(int status, List<String> headers) throws IOException;

  /** Sends a whole answer in one go; {@code headers} carry its length. */
  void answer(int status, List<String> headers, byte[] body) throws IOException;

  /** Sends one piece of the body: one HTTP/1.1 chunk, or one DATA frame. */
  void chunk(byte[] bytes) throws IOException;

  /** Ends the body: the last chunk, or END_STREAM. The connection stays open. */
  void endBody() throws IOException;

  /** Sends bytes as they are, without framing; HTTP/1.1 only. */
  void raw(byte[] bytes) throws IOException;

  /** Closes the connection in good order (FIN), wherever the answer stands. */
  void closeFin() throws IOException;

  /** Breaks the connection (TCP RST), or on HTTP/2 the stream (RST_STREAM). */
  void reset() throws IOException;

  /** Tells the client that the connection takes no new stream (GOAWAY); HTTP/2 only. */
  void goAway() throws IOException;

  /** Waits for that long without looking at the client. */
  void pause(Duration duration) throws InterruptedException;

  /**
   * Sends nothing until the client leaves, at most for {@code atMost}.
   *
   * @throws IOException if the client left
   */
  void hang(Duration atMost) throws IOException, InterruptedException;

  /** Whether the connection or stream is closed, so that no further step can be played. */
  boolean isOver();
}
