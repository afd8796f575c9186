package llmload.protocol;

import io.gatling.javaapi.core.ProtocolBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import llmload.protocol.internal.LlmProtocol;
import llmload.wire.Dialect;
import llmload.wire.Dialects;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/** What all requests of a simulation share. Immutable: each method returns a new builder. */
public final class LlmProtocolBuilder implements ProtocolBuilder {
  private final ProtocolSettings settings;

  private LlmProtocolBuilder(ProtocolSettings settings) {
    this.settings = settings;
  }

  static LlmProtocolBuilder over(HttpProtocolBuilder http) {
    return new LlmProtocolBuilder(
        new ProtocolSettings(
            http,
            Dialects.of("openai-chat"),
            null,
            true,
            Timeouts.DEFAULT,
            true,
            null,
            RequestLog.none()));
  }

  /**
   * The API that the server speaks, for example {@code openai-chat}.
   *
   * @throws IllegalArgumentException if there is no such dialect; the message lists them
   */
  public LlmProtocolBuilder dialect(String id) {
    return dialect(Dialects.of(id));
  }

  /** The API that the server speaks. */
  public LlmProtocolBuilder dialect(Dialect dialect) {
    return new LlmProtocolBuilder(settings.withDialect(dialect));
  }

  /** The model's name, as sent. */
  public LlmProtocolBuilder model(@Nullable String model) {
    return new LlmProtocolBuilder(settings.withModel(model));
  }

  /** Whether answers are streamed where a request does not say; they are by default. */
  public LlmProtocolBuilder stream(boolean stream) {
    return new LlmProtocolBuilder(settings.withStream(stream));
  }

  /** The four timeouts. */
  public LlmProtocolBuilder timeouts(Timeouts timeouts) {
    return new LlmProtocolBuilder(settings.withTimeouts(timeouts));
  }

  /** Whether the server's TLS certificate is verified; it is by default. */
  public LlmProtocolBuilder verifyTls(boolean verify) {
    return new LlmProtocolBuilder(settings.withVerifyTls(verify));
  }

  /** A tokenizer of the model, for answers that come without usage. */
  public LlmProtocolBuilder tokenCounter(@Nullable TokenCounter counter) {
    return new LlmProtocolBuilder(settings.withTokenCounter(counter));
  }

  /** Where requests are recorded; nowhere by default. */
  public LlmProtocolBuilder recordTo(RequestLog log) {
    return new LlmProtocolBuilder(settings.withLog(log));
  }

  /** For Gatling's own use. */
  @Override
  public LlmProtocol protocol() {
    return new LlmProtocol(settings);
  }
}
