package llmload.protocol;

import io.gatling.javaapi.http.HttpProtocolBuilder;
import llmload.wire.Dialect;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/**
 * What all requests of a simulation share, as a value; {@link LlmProtocolBuilder} is how to make
 * one.
 *
 * @param http the HTTP settings: base URLs, headers, TLS, proxy
 * @param dialect the API
 * @param model the model's name, {@code null} to send none
 * @param stream whether answers are streamed by default
 * @param timeouts the four timeouts
 * @param verifyTls whether certificates are verified
 * @param tokenCounter a tokenizer of the model, if there is one
 * @param log where requests are recorded
 */
public record ProtocolSettings(
    HttpProtocolBuilder http,
    Dialect dialect,
    @Nullable String model,
    boolean stream,
    Timeouts timeouts,
    boolean verifyTls,
    @Nullable TokenCounter tokenCounter,
    RequestLog log) {

  ProtocolSettings withDialect(Dialect value) {
    return new ProtocolSettings(http, value, model, stream, timeouts, verifyTls, tokenCounter, log);
  }

  ProtocolSettings withModel(@Nullable String value) {
    return new ProtocolSettings(
        http, dialect, value, stream, timeouts, verifyTls, tokenCounter, log);
  }

  ProtocolSettings withStream(boolean value) {
    return new ProtocolSettings(
        http, dialect, model, value, timeouts, verifyTls, tokenCounter, log);
  }

  ProtocolSettings withTimeouts(Timeouts value) {
    return new ProtocolSettings(http, dialect, model, stream, value, verifyTls, tokenCounter, log);
  }

  ProtocolSettings withVerifyTls(boolean value) {
    return new ProtocolSettings(http, dialect, model, stream, timeouts, value, tokenCounter, log);
  }

  ProtocolSettings withTokenCounter(@Nullable TokenCounter value) {
    return new ProtocolSettings(http, dialect, model, stream, timeouts, verifyTls, value, log);
  }

  ProtocolSettings withLog(RequestLog value) {
    return new ProtocolSettings(
        http, dialect, model, stream, timeouts, verifyTls, tokenCounter, value);
  }
}
