package llmload.run;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import llmload.config.ConfigException;
import llmload.wire.Endpoint;
import llmload.wire.ServerCall;
import org.jspecify.annotations.Nullable;

/** Calls that a run makes outside its load: to see what the server can do, and to tidy up. */
final class ServerCalls {
  /** A server that is slow to delete must not keep the report back. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int NOT_FOUND = 404;

  private final String baseUrl;
  private final TargetSettings target;
  private final LongSupplier nanos;

  ServerCalls(String baseUrl, TargetSettings target, LongSupplier nanos) {
    this.baseUrl = baseUrl;
    this.target = target;
    this.nanos = nanos;
  }

  /**
   * Holds the server against what the simulation needs.
   *
   * @param engine the embedded server's; {@code null} for any other server
   * @throws ConfigException with every need that it does not meet
   * @throws Preflight.UnreachableException if it does not answer
   */
  void check(
      ServerNeeds needs, Preflight preflight, @Nullable String model, @Nullable String engine) {
    List<String> problems =
        Stream.of(tooLong(needs, preflight, model), withoutRoutes(needs, engine))
            .flatMap(Optional::stream)
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static Optional<String> tooLong(
      ServerNeeds needs, Preflight preflight, @Nullable String model) {
    Integer context = preflight.contextTokenCount(model);
    if (context == null || needs.tokenCount() <= context) {
      return Optional.empty();
    }
    return Optional.of(
        ("llm.%s: Expecting requests that fit the %d tokens of the model's context. Found: %d tokens"
                + " with the answer. Ask for less, or name a model with a longer context.")
            .formatted(needs.sizeKey(), context, needs.tokenCount()));
  }

  private Optional<String> withoutRoutes(ServerNeeds needs, @Nullable String engine) {
    ServerCall probe = needs.probe();
    if (probe == null) {
      return Optional.empty();
    }
    int status;
    try {
      status = send(probe).statusCode();
    } catch (IOException | GeneralSecurityException e) {
      throw new Preflight.UnreachableException(
          "llm.baseUrl: Expecting an answer to %s %s. Found: %s."
              .formatted(probe.method(), probe.path(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Preflight.UnreachableException(
          "llm.baseUrl: interrupted while asking " + probe.path() + ".");
    }
    if (isSuccess(status)) {
      return Optional.empty();
    }
    return Optional.of(
        "llm.%s: Expecting a server with the session routes of %s. Found: status %d for %s %s. %s"
            .formatted(
                needs.dialectKey(),
                needs.dialect(),
                status,
                probe.method(),
                probe.path(),
                engine == null
                    ? "Name the dialect that the server has, or none."
                    : "The embedded engine %s has none: set -Dllm.engine=simulated."
                        .formatted(engine)));
  }

  /**
   * Makes all calls, those after a failed one too; a 404 says that there is nothing to delete.
   *
   * @return what could not be done, in one sentence; empty if all is well
   */
  Optional<String> tidyUp(List<ServerCall> calls) {
    long begun = nanos.getAsLong();
    int doneCount = 0;
    String reason = null;
    for (ServerCall call : calls) {
      if (nanos.getAsLong() - begun > PATIENCE.toNanos()) {
        reason = "after " + PATIENCE.toSeconds() + " s";
        break;
      }
      try {
        int status = send(call).statusCode();
        if (isSuccess(status) || status == NOT_FOUND) {
          doneCount++;
        } else {
          reason = "status " + status + " for " + call.method() + " " + call.path();
        }
      } catch (IOException | GeneralSecurityException e) {
        reason = e.toString();
        break;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        reason = "interrupted";
        break;
      }
    }
    return reason == null
        ? Optional.empty()
        : Optional.of(
            "%d of this run's %d sessions may be on the server still: %s."
                .formatted(calls.size() - doneCount, calls.size(), reason));
  }

  private HttpResponse<String> send(ServerCall call)
      throws IOException, InterruptedException, GeneralSecurityException {
    return Preflight.send(call.method(), Endpoint.url(baseUrl, call.path()), call.body(), target);
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }
}
