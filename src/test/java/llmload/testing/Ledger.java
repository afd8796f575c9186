package llmload.testing;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What a scripted server has seen; written by its threads, read by the test's. */
final class Ledger {
  private final Script script;
  private final AtomicInteger requestIndex = new AtomicInteger();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger departures = new AtomicInteger();
  final CountDownLatch closed = new CountDownLatch(1);
  final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
  final List<Throwable> failures = new CopyOnWriteArrayList<>();

  Ledger(Script script) {
    this.script = script;
  }

  ReceivedRequest received(int connection, String head, String body) {
    String[] line = head.lines().findFirst().orElse("").split(" ", 3);
    String path = line.length > 1 ? line[1] : "";
    return received(connection, line[0], path, head, body);
  }

  ReceivedRequest received(int connection, String method, String path, String head, String body) {
    ReceivedRequest request =
        new ReceivedRequest(requestIndex.getAndIncrement(), connection, method, path, head, body);
    requests.add(request);
    return request;
  }

  /** Plays the script; whatever ends it early is noted here and ends the exchange. */
  void play(ReceivedRequest request, Exchange exchange) throws InterruptedException {
    try {
      for (Step step : script.stepsFor(request)) {
        if (exchange.isOver()) {
          return;
        }
        step.play(exchange);
      }
    } catch (IOException e) {
      // A broken write or an end of input: the client has left, unless the server itself is
      // closing.
      if (!isClosed()) {
        departures.incrementAndGet();
      }
      endQuietly(exchange);
    } catch (RuntimeException | Error e) {
      failures.add(e);
      endQuietly(exchange);
    }
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  private static void endQuietly(Exchange exchange) {
    try {
      exchange.closeFin();
    } catch (IOException e) {
      // Already gone, which is what is wanted.
    }
  }
}
