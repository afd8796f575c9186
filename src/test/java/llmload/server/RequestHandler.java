package llmload.server;

/** Answers requests, now or later. */
@FunctionalInterface
interface RequestHandler {
  /** Answers one request; called on the event loop, which it must not block. */
  void handle(String method, String path, byte[] body, Exchange exchange);
}
