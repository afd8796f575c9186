package llmload.server;

import llmload.server.engine.Engine;
import llmload.server.engine.EngineException;
import llmload.server.engine.GenerationResult;
import llmload.server.engine.GenerationSpec;
import llmload.server.engine.TokenSink;

/**
 * One answer: runs the engine on a slot's thread and writes what it hands out.
 *
 * <p>The response begins with the engine's first token, so that a fault before it still has a
 * status of its own. A client that reads slowly is not waited for: what it has not read yet is at
 * most one context's worth of events.
 */
final class GenerationJob implements Runnable, TokenSink {
  private final Engine engine;
  private final GenerationRequest request;
  private final GenerationSpec spec;
  private final int promptTokenCount;
  private final StreamFrames frames;
  private final Exchange exchange;
  private final StopMatcher stops;
  private final StringBuilder whole = new StringBuilder();
  private int completionTokenCount;
  private boolean started;

  GenerationJob(
      Engine engine,
      GenerationRequest request,
      GenerationSpec spec,
      int promptTokenCount,
      StreamFrames frames,
      Exchange exchange) {
    this.engine = engine;
    this.request = request;
    this.spec = spec;
    this.promptTokenCount = promptTokenCount;
    this.frames = frames;
    this.exchange = exchange;
    stops = new StopMatcher(request.stops());
  }

  @Override
  public void run() {
    if (exchange.cancelled()) {
      return;
    }
    GenerationResult result;
    try {
      result = engine.generate(spec, this);
    } catch (RuntimeException e) {
      boolean told = e instanceof EngineException;
      fail(ApiException.engineFault(told ? String.valueOf(e.getMessage()) : e.toString()));
      return;
    }
    if (exchange.cancelled()) {
      return;
    }
    completionTokenCount = result.completionTokenCount();
    send(stops.rest());
    String reason = result.finishReason().word();
    if (!request.streaming().stream()) {
      exchange.json(200, frames.whole(whole.toString(), reason, usage()));
      return;
    }
    exchange.event(frames.finish(reason, usage()));
    if (request.streaming().includeUsage()) {
      exchange.event(frames.usage(usage()));
    }
    exchange.event(StreamFrames.DONE);
    exchange.endStream();
  }

  @Override
  public boolean accept(String text, int tokenCount) {
    completionTokenCount += tokenCount;
    if (exchange.cancelled()) {
      return false;
    }
    send(stops.append(text));
    return !stops.matched();
  }

  private void send(String text) {
    if (!request.streaming().stream()) {
      whole.append(text);
      return;
    }
    if (!started) {
      started = true;
      exchange.startStream();
      if (request.kind() == GenerationRequest.Kind.CHAT) {
        exchange.event(frames.role(new Usage(promptTokenCount, 0)));
      }
    }
    if (!text.isEmpty()) {
      exchange.event(frames.piece(text, usage()));
    }
  }

  private void fail(ApiException fault) {
    if (started) {
      exchange.event(StreamFrames.fault(Exchange.errorBody(fault)));
      exchange.endStream();
    } else {
      exchange.error(fault);
    }
  }

  private Usage usage() {
    return new Usage(promptTokenCount, completionTokenCount);
  }
}
