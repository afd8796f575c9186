package llmload.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection: reads requests one after the other and plays the script for each. */
final class Http1Connection implements Exchange {
  private static final int HEAD_LIMIT_BYTES = 1 << 20;

  private final Ledger ledger;
  private final int number;
  private final Socket plain;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private boolean over;

  /**
   * Takes over a connection.
   *
   * @param plain the TCP socket, which a reset breaks
   * @param socket the same, or the TLS socket on top of it
   */
  Http1Connection(Ledger ledger, int number, Socket plain, Socket socket) throws IOException {
    this.ledger = ledger;
    this.number = number;
    this.plain = plain;
    this.socket = socket;
    plain.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Serves the connection until one side closes it. */
  void serve() throws IOException, InterruptedException {
    while (!over) {
      String head = readHead();
      if (head == null) {
        break;
      }
      ReceivedRequest request = ledger.received(number, head, readBody(head));
      ledger.play(request, this);
      if ("close".equalsIgnoreCase(request.header("Connection").orElse(""))) {
        break;
      }
    }
    if (!over) {
      closeFin();
    }
  }

  @Override
  public void head(int status, List<String> headers) throws IOException {
    raw(headBytes(status, headers));
  }

  @Override
  public void answer(int status, List<String> headers, byte[] body) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(headBytes(status, headers));
    whole.writeBytes(body);
    raw(whole.toByteArray());
  }

  @Override
  public void chunk(byte[] bytes) throws IOException {
    // An empty chunk would end the body, which only endBody may do.
    if (bytes.length > 0) {
      raw(Steps.framed(bytes));
    }
  }

  @Override
  public void endBody() throws IOException {
    raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  @Override
  public void closeFin() throws IOException {
    over = true;
    socket.close();
  }

  @Override
  public void reset() throws IOException {
    over = true;
    plain.setSoLinger(true, 0);
    plain.close();
  }

  @Override
  public void goAway() {
    throw new UnsupportedOperationException("goAway: Expecting HTTP/2. Found: HTTP/1.1.");
  }

  @Override
  public void pause(Duration duration) throws InterruptedException {
    if (ledger.closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("server closed");
    }
  }

  @Override
  public void hang(Duration atMost) throws IOException {
    long deadlineNanos = System.nanoTime() + atMost.toNanos();
    try {
      while (true) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (leftMillis <= 0) {
          return;
        }
        socket.setSoTimeout((int) Math.min(leftMillis, Integer.MAX_VALUE));
        if (in.read() < 0) {
          throw new EOFException("the client left");
        }
      }
    } catch (SocketTimeoutException e) {
      // The time is over and the client is still there: the script goes on.
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(0);
      }
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }

  private static byte[] headBytes(int status, List<String> headers) {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " " + reason(status) + "\r\n");
    headers.forEach(line -> text.append(line).append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String reason(int status) {
    return status == 200 ? "OK" : "Scripted";
  }

  private @Nullable String readHead() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int tail = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      tail = (tail << 8) | b;
      if (tail == 0x0D0A0D0A) {
        String text = head.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 4);
      }
      if (head.size() > HEAD_LIMIT_BYTES) {
        throw new IOException("head: Expecting at most 1 MiB. Found: more.");
      }
    }
    return null;
  }

  private String readBody(String head) throws IOException {
    ReceivedRequest headers = new ReceivedRequest(0, number, "", "", head, "");
    if (headers.header("Expect").isPresent()) {
      raw("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    String coding = headers.header("Transfer-Encoding").orElse("");
    if (coding.toLowerCase(Locale.ROOT).contains("chunked")) {
      return readChunkedBody();
    }
    int length = headers.header("Content-Length").map(Integer::parseInt).orElse(0);
    return new String(readExactly(length), StandardCharsets.UTF_8);
  }

  private String readChunkedBody() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(readLine().split(";", 2)[0].trim(), 16);
      if (size == 0) {
        while (!readLine().isEmpty()) {
          // Trailers carry nothing a script looks at.
        }
        return body.toString(StandardCharsets.UTF_8);
      }
      body.writeBytes(readExactly(size));
      readLine();
    }
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("request cut short");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private byte[] readExactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("request cut short");
    }
    return bytes;
  }
}
