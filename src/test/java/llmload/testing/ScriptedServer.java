package llmload.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on a free loopback port that answers each request with a list of steps, faults
 * included, and remembers what it was asked. One daemon thread a connection. All counts are safe to
 * read from any thread, and a request is counted before its first step is played.
 */
public final class ScriptedServer implements AutoCloseable {
  private final Ledger ledger;
  private final String scheme;
  private final int port;
  private final AutoCloseable listener;

  private ScriptedServer(Ledger ledger, String scheme, int port, AutoCloseable listener) {
    this.ledger = ledger;
    this.scheme = scheme;
    this.port = port;
    this.listener = listener;
  }

  /** A server for HTTP/1.1. */
  public static ScriptedServer start(Script script) {
    Ledger ledger = new Ledger(script);
    SocketListener listener = SocketListener.open(ledger, null);
    return new ScriptedServer(ledger, "http", listener.port(), listener);
  }

  /** A server for HTTP/1.1 over TLS, with the certificate of {@link LoopbackCertificate}. */
  public static ScriptedServer startTls(Script script) {
    Ledger ledger = new Ledger(script);
    SSLSocketFactory tls = LoopbackCertificate.shared().context().getSocketFactory();
    SocketListener listener = SocketListener.open(ledger, tls);
    return new ScriptedServer(ledger, "https", listener.port(), listener);
  }

  /**
   * A server for HTTP/2 over TLS (ALPN), which gives each stream a thread. Steps that need raw
   * bytes are not to be had.
   *
   * @param maxStreamCount how many streams a client may have open on one connection
   */
  public static ScriptedServer startHttp2(Script script, int maxStreamCount) {
    Ledger ledger = new Ledger(script);
    Http2Listener listener = Http2Listener.open(ledger, maxStreamCount);
    return new ScriptedServer(ledger, "https", listener.port(), listener);
  }

  /** A loopback port on which nothing listens: bound a moment ago and closed again. */
  public static int closedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Scheme, host and port, without a slash at the end. */
  public String baseUrl() {
    return scheme + "://127.0.0.1:" + port;
  }

  /** Every request so far, in the order of arrival. */
  public List<ReceivedRequest> requests() {
    return List.copyOf(ledger.requests);
  }

  /** How many POSTs came. */
  public int posts() {
    return count("POST");
  }

  /** How many GETs came. */
  public int gets() {
    return count("GET");
  }

  /** How many connections were accepted. */
  public int connections() {
    return ledger.connections.get();
  }

  /** How many scripts ended early because the client had left. */
  public int departures() {
    return ledger.departures.get();
  }

  /** The body of every request, in the order of arrival. */
  public List<String> requestBodies() {
    return ledger.requests.stream().map(ReceivedRequest::body).toList();
  }

  /** The request line and headers of every request, in the order of arrival. */
  public List<String> requestHeads() {
    return ledger.requests.stream().map(ReceivedRequest::head).toList();
  }

  /** What went wrong in the scripts themselves; a test that is sound leaves this empty. */
  public List<Throwable> failures() {
    return List.copyOf(ledger.failures);
  }

  /** Stops listening, breaks every open connection and ends every script. */
  @Override
  public void close() {
    ledger.closed.countDown();
    try {
      listener.close();
    } catch (Exception e) {
      throw new IllegalStateException("the scripted server did not close", e);
    }
  }

  private int count(String method) {
    return (int) ledger.requests.stream().filter(r -> r.method().equals(method)).count();
  }

  /** The accepting side for plain and TLS sockets. */
  private static final class SocketListener implements AutoCloseable {
    private final Ledger ledger;
    private final ServerSocket server;
    private final @Nullable SSLSocketFactory tls;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private SocketListener(Ledger ledger, ServerSocket server, @Nullable SSLSocketFactory tls) {
      this.ledger = ledger;
      this.server = server;
      this.tls = tls;
    }

    static SocketListener open(Ledger ledger, @Nullable SSLSocketFactory tls) {
      try {
        // IPv4 by its bytes: "localhost" may mean ::1, which not every machine has.
        ServerSocket server =
            new ServerSocket(0, 1024, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        SocketListener listener = new SocketListener(ledger, server, tls);
        listener.begin(listener::acceptAll, "scripted-accept");
        return listener;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int port() {
      return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      threads.forEach(Thread::interrupt);
    }

    private void begin(Runnable work, String name) {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }

    private void acceptAll() {
      try {
        while (true) {
          Socket socket = server.accept();
          int number = ledger.connections.getAndIncrement();
          sockets.add(socket);
          begin(() -> serve(socket, number), "scripted-" + number);
          if (ledger.isClosed()) {
            socket.close();
          }
        }
      } catch (IOException e) {
        if (!ledger.isClosed()) {
          ledger.failures.add(e);
        }
      }
    }

    private void serve(Socket socket, int number) {
      try {
        new Http1Connection(ledger, number, socket, secured(socket)).serve();
      } catch (IOException | InterruptedException e) {
        // Between two requests either side may go as it likes; a failed handshake ends here too.
      } finally {
        close(socket);
        sockets.remove(socket);
        threads.remove(Thread.currentThread());
      }
    }

    private Socket secured(Socket socket) throws IOException {
      if (tls == null) {
        return socket;
      }
      SSLSocket secured = (SSLSocket) tls.createSocket(socket, null, true);
      secured.startHandshake();
      return secured;
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // It was closed by a reset already.
      }
    }
  }
}
