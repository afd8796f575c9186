package llmload.telemetry;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * GETs pages that may be slow, endless or not what they should be. Any thread, each of which does
 * the reading itself; connections are kept open and used again.
 *
 * <p>It speaks HTTP/1.1, follows no redirect and asks no proxy, as the load itself.
 */
public final class PageFetch implements AutoCloseable {
  /** The most that an answer may have: 16 MiB. */
  public static final int LIMIT_BYTES = 16 << 20;

  private final SSLContext tls;
  private final int limitBytes;
  private final Map<Origin, Queue<PageConnection>> idle = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A fetcher that trusts whom the JDK trusts. */
  public PageFetch() {
    this(standard());
  }

  /**
   * A fetcher that takes answers of up to {@value #LIMIT_BYTES} bytes.
   *
   * @param tls whom to trust
   */
  public PageFetch(SSLContext tls) {
    this(tls, LIMIT_BYTES);
  }

  PageFetch(SSLContext tls, int limitBytes) {
    this.tls = tls;
    this.limitBytes = limitBytes;
    PageConnection.prepare();
  }

  private static SSLContext standard() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      // Each JDK has one.
      throw new IllegalStateException(e);
    }
  }

  /** A page. */
  public static final class Page {
    private final byte[] body;
    private final String contentType;

    Page(byte[] body, String contentType) {
      this.body = body;
      this.contentType = contentType;
    }

    /** Its body; not copied, not to be changed. */
    public byte[] body() {
      return body;
    }

    /** Its body as UTF-8. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** Its media type in lower case, without parameters; empty if none was named. */
    public String contentType() {
      return contentType;
    }

    /** Whether it says that it is, or looks like, HTML. */
    public boolean isHtml() {
      if (contentType.equals("text/html")) {
        return true;
      }
      return firstCharacter() == '<';
    }

    /**
     * Whether it says that it is JSON.
     *
     * @param byLook whether one that begins as JSON counts as well; so may a sample, whose name is
     *     in quotes
     */
    boolean isJson(boolean byLook) {
      if (contentType.equals("application/json") || contentType.endsWith("+json")) {
        return true;
      }
      char first = firstCharacter();
      return byLook && (first == '{' || first == '[');
    }

    /** The first one that is no white space; a space if there is none. */
    private char firstCharacter() {
      for (byte character : body) {
        if (character > ' ' || character < 0) {
          return (char) (character & 0xff);
        }
      }
      return ' ';
    }
  }

  /**
   * The page at {@code url}, if it comes whole, with status 200, within {@code deadline}.
   *
   * @param headers sent along, over {@code Accept}
   * @throws SourceException for every other outcome
   */
  public Page get(URI url, Map<String, String> headers, Duration deadline)
      throws SourceException, InterruptedException {
    Origin origin = Origin.of(url);
    PageConnection.Deadline until =
        new PageConnection.Deadline(System.nanoTime() + deadline.toNanos());
    try {
      PageConnection kept = takeIdle(origin);
      if (kept != null) {
        Page page = ask(kept, url, headers, until, true);
        if (page != null) {
          return page;
        }
      }
      Page page = ask(PageConnection.open(origin, tls, until), url, headers, until, false);
      if (page == null) {
        throw new IOException("the connection ended before an answer");
      }
      return page;
    } catch (SocketTimeoutException e) {
      throw SourceException.passing(
          MissReason.TIMEOUT, "no whole answer within " + deadline.toMillis() + " ms");
    } catch (IOException e) {
      // The socket of an interrupted thread is closed under it.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      String message = e.getMessage();
      String name = e.getClass().getSimpleName();
      throw SourceException.passing(
          MissReason.UNREACHABLE, message == null ? name : name + ": " + message);
    }
  }

  /** The page; {@code null} if the server has closed a connection that was kept. */
  private @Nullable Page ask(
      PageConnection connection,
      URI url,
      Map<String, String> headers,
      PageConnection.Deadline until,
      boolean kept)
      throws IOException, SourceException {
    Answer answer = new Answer(limitBytes);
    boolean reusable = false;
    try {
      reusable = connection.ask(url, headers, answer, until);
      return answer.page();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (kept && !connection.hasAnswered() && !Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw e;
    } finally {
      if (reusable && !closed) {
        keep(connection);
      } else {
        connection.close();
      }
    }
  }

  private @Nullable PageConnection takeIdle(Origin origin) {
    Queue<PageConnection> connections = idle.get(origin);
    return connections == null ? null : connections.poll();
  }

  private void keep(PageConnection connection) {
    boolean unused =
        idle.computeIfAbsent(connection.origin(), origin -> new ConcurrentLinkedQueue<>())
            .offer(connection);
  }

  /** Closes the connections that nobody uses now; later ones end with their answers. */
  @Override
  public void close() {
    closed = true;
    for (Queue<PageConnection> connections : idle.values()) {
      PageConnection connection;
      while ((connection = connections.poll()) != null) {
        connection.close();
      }
    }
  }
}
