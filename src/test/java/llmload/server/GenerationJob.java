package llmload.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineException;
import llmload.server.engine.Generation;
import llmload.server.engine.GenerationResult;
import llmload.server.engine.GenerationSpec;
import llmload.server.engine.TokenSink;
import org.jspecify.annotations.Nullable;

/**
 * One answer: writes what the engine hands out.
 *
 * <p>The response begins with the engine's first token, so that a fault before it still has a
 * status of its own; an engine that announces its answers gets the head out earlier. A client that
 * reads slowly is not waited for: what it has not read yet is at most one context's worth of
 * events.
 */
final class GenerationJob implements TokenSink {
  private final GenerationRequest request;
  private final int promptTokenCount;
  private final StreamFrames frames;
  private final Exchange exchange;
  private final AnswerBook book;
  private final StopMatcher stops;
  private final Map<Part, StringBuilder> whole = new EnumMap<>(Part.class);
  private final AtomicBoolean over = new AtomicBoolean();
  private int completionTokenCount;
  private boolean started;
  private boolean calling;
  private final @Nullable SessionCache cache;
  private final StringBuilder answer = new StringBuilder();

  /**
   * @param book takes down what was sent and when
   * @param cache the session that the request is of; {@code null} if it is of none
   */
  GenerationJob(
      GenerationRequest request,
      int promptTokenCount,
      StreamFrames frames,
      Exchange exchange,
      AnswerBook book,
      @Nullable SessionCache cache) {
    this.request = request;
    this.promptTokenCount = promptTokenCount;
    this.frames = frames;
    this.exchange = exchange;
    this.book = book;
    this.cache = cache;
    stops = new StopMatcher(request.stops());
  }

  /** Hands the request to the engine; {@code ticket} is given back when it is over. */
  void submit(Engine engine, GenerationSpec spec, Admission.Ticket ticket) {
    submit(engine, spec, ticket, exchange.arrivedNanos());
  }

  /**
   * Loads what the session holds, from disk if need be, and then hands the request to the engine,
   * which counts from there.
   */
  void resume(Engine engine, GenerationSpec spec, Admission.Ticket ticket) {
    SessionCache session = Objects.requireNonNull(cache);
    try {
      session.load(
          held -> submit(engine, spec.holding(held), ticket, System.nanoTime()),
          fault -> {
            exchange.error(ApiException.engineFault(fault));
            ticket.release();
          });
    } catch (RuntimeException e) {
      ticket.release();
      throw e;
    }
  }

  private void submit(Engine engine, GenerationSpec spec, Admission.Ticket ticket, long fromNanos) {
    book.whenOver(ticket::release);
    Generation generation;
    try {
      generation = engine.submit(spec, fromNanos, this);
    } catch (RuntimeException e) {
      ticket.release();
      throw e;
    }
    exchange.onCancel(
        () -> {
          generation.withdraw();
          if (over.compareAndSet(false, true)) {
            book.aborted();
          }
        });
  }

  @Override
  public void begun() {
    book.begun(System.nanoTime());
  }

  @Override
  public void announced() {
    if (request.streaming().stream()) {
      start();
    }
  }

  @Override
  public boolean accept(Part part, String text, int tokenCount) {
    completionTokenCount += tokenCount;
    if (exchange.cancelled()) {
      return false;
    }
    book.generated(tokenCount);
    // A completion is one text, whatever its parts.
    boolean chat = request.kind() == GenerationRequest.Kind.CHAT;
    Part shown = chat ? part : Part.CONTENT;
    // A stop sequence counts only behind the fewest tokens, as in vLLM.
    boolean stoppable = shown == Part.CONTENT && completionTokenCount > request.minTokenCount();
    String now = stoppable ? stops.append(text) : text;
    if (cache != null) {
      answer.append(text);
    }
    send(shown, now);
    return !stops.matched();
  }

  @Override
  public void ended(GenerationResult result) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    completionTokenCount = result.completionTokenCount();
    Usage usage =
        new Usage(
            promptTokenCount,
            completionTokenCount,
            result.cachedTokenCount(),
            result.reasoningTokenCount());
    String reason = result.finishReason().word();
    if (request.streaming().stream()) {
      String rest = stops.rest();
      if (!started || !rest.isEmpty()) {
        sendEvent(Part.CONTENT, rest, usage);
      }
    }
    if (cache == null) {
      conclude(reason, usage);
    } else {
      // Between the last token and the closing event, as agent-memory does it.
      cache.save(answer.toString(), () -> conclude(reason, usage), fault -> fault(fault, usage));
    }
  }

  private void fault(String fault, Usage usage) {
    ApiException told = ApiException.engineFault(fault);
    if (started) {
      exchange.event(StreamFrames.fault(Exchange.errorBody(told)));
      exchange.endStream();
    } else {
      exchange.error(told);
    }
    book.failed(told, usage);
  }

  private void conclude(String reason, Usage usage) {
    if (request.streaming().stream()) {
      endStream(reason, usage);
    } else {
      wholePart(Part.CONTENT, stops.rest());
      Map<Part, String> texts = new EnumMap<>(Part.class);
      whole.forEach((part, said) -> texts.put(part, said.toString()));
      exchange.json(200, frames.whole(texts, reason, usage));
    }
    book.ended(reason, usage);
  }

  private void endStream(String reason, Usage usage) {
    long now = System.nanoTime();
    event(frames.finish(reason, usage, now));
    if (request.streaming().includeUsage()) {
      event(frames.usage(usage));
    }
    book.terminator(System.nanoTime());
    event(StreamFrames.DONE);
    exchange.endStream();
  }

  @Override
  public void failed(EngineException fault) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    fault(String.valueOf(fault.getMessage()), new Usage(promptTokenCount, completionTokenCount));
  }

  private void send(Part part, String text) {
    if (request.streaming().stream()) {
      sendEvent(part, text, new Usage(promptTokenCount, completionTokenCount));
    } else if (!text.isEmpty()) {
      book.sent(part, System.nanoTime());
      wholePart(part, text);
    }
  }

  private void wholePart(Part part, String text) {
    if (!text.isEmpty()) {
      whole.computeIfAbsent(part, unused -> new StringBuilder()).append(text);
    }
  }

  private void sendEvent(Part part, String text, Usage usage) {
    start();
    long now = System.nanoTime();
    if (part == Part.TOOL_CALL && !calling) {
      calling = true;
      event(frames.toolCall(usage, now));
    }
    if (!text.isEmpty()) {
      book.sent(part, now);
      event(frames.piece(part, text, usage, now));
    }
  }

  private void start() {
    if (started) {
      return;
    }
    started = true;
    long now = System.nanoTime();
    book.head(now);
    exchange.startStream();
    if (request.kind() == GenerationRequest.Kind.CHAT) {
      book.role(now);
      event(frames.role(new Usage(promptTokenCount, 0), now));
    }
  }

  private void event(byte[] event) {
    book.bytes(event.length);
    exchange.event(event);
  }
}
