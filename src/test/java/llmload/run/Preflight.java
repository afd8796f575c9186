package llmload.run;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import llmload.model.RequestKind;
import llmload.wire.Dialect;
import llmload.wire.Endpoint;
import llmload.wire.ModelList;
import org.jspecify.annotations.Nullable;

/**
 * A look at the target before any load: one GET of its model list, or of the collection to search,
 * nothing that costs it a token.
 *
 * @param models the models it lists; empty if it lists none
 * @param serverVersion what its {@code Server} header says
 * @param warnings what the user should know
 * @param contexts tokens of context of each listed model that tells
 */
record Preflight(
    List<String> models,
    @Nullable String serverVersion,
    List<String> warnings,
    Map<String, Integer> contexts) {

  /** Headers that the JDK's client sets itself and takes from nobody. */
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  /** The target does not answer. */
  static final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
      super(message);
    }
  }

  /**
   * Asks {@code baseUrl}; any HTTP answer is an answer.
   *
   * @throws UnreachableException if there is none
   */
  static Preflight ask(String baseUrl, Dialect dialect, TargetSettings target) {
    boolean hasModels = dialect.kinds().contains(RequestKind.MODELS);
    String key = hasModels ? "llm.baseUrl" : "llm.retrieval.url";
    String url =
        Endpoint.url(baseUrl, dialect.path(hasModels ? RequestKind.MODELS : RequestKind.HEALTH));
    try {
      HttpResponse<String> response = get(url, target);
      return hasModels ? read(url, response, target.model()) : found(url, response);
    } catch (IOException | GeneralSecurityException e) {
      throw new UnreachableException(
          key
              + ": Expecting a server that answers. Found: no answer from "
              + url
              + " ("
              + cause(e)
              + "). Check the URL and that the server is up.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException(key + ": interrupted while asking " + url + ".");
    }
  }

  /** The answer of a server that serves no models: whether what is to be searched is there. */
  private static Preflight found(String url, HttpResponse<String> response) {
    List<String> warnings =
        response.statusCode() == 200
            ? List.of()
            : List.of(url + " answered " + response.statusCode() + "; is the collection there?");
    return new Preflight(
        List.of(), response.headers().firstValue("server").orElse(null), warnings, Map.of());
  }

  /** The headers of each request that the JDK's client takes. */
  static Map<String, String> headers(TargetSettings target) {
    Map<String, String> headers = new LinkedHashMap<>(target.allHeaders());
    headers.keySet().removeIf(name -> OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)));
    return headers;
  }

  /** What a GET answers, with the headers of every request. */
  static HttpResponse<String> get(String url, TargetSettings target)
      throws IOException, InterruptedException, GeneralSecurityException {
    return send("GET", url, null, target);
  }

  /** The same with any method and, where there is one, a JSON body. */
  static HttpResponse<String> send(
      String method, String url, @Nullable String body, TargetSettings target)
      throws IOException, InterruptedException, GeneralSecurityException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10));
    headers(target).forEach(request::header);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .setHeader("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    return client(target.verifyTls()).send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Preflight read(String url, HttpResponse<String> response, @Nullable String model) {
    List<String> warnings = new ArrayList<>();
    List<String> models = List.of();
    if (response.statusCode() != 200) {
      warnings.add(
          url + " answered " + response.statusCode() + "; the list of models is not known.");
    } else {
      models = ModelList.parse(response.body());
      if (models.isEmpty()) {
        warnings.add(url + " answered no list of models.");
      }
    }
    if (model != null && !models.isEmpty() && !models.contains(model)) {
      warnings.add("The server does not list the model " + model + "; it lists " + models + ".");
    }
    Optional<String> server = response.headers().firstValue("server");
    Map<String, Integer> contexts =
        models.isEmpty() ? Map.of() : ModelList.contexts(response.body());
    return new Preflight(models, server.orElse(null), warnings, contexts);
  }

  private static String cause(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? error.getMessage() : root.getMessage();
    String name = root.getClass().getSimpleName();
    return message == null ? name : name + ": " + message;
  }

  /** A client that keeps to HTTP/1.1 and waits 10 s for a connection. */
  static HttpClient client(boolean verifyTls) throws GeneralSecurityException {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(10))
        .sslContext(tls(verifyTls))
        .build();
  }

  /** Trusts whom the JDK trusts, or everybody. */
  static SSLContext tls(boolean verify) throws GeneralSecurityException {
    if (verify) {
      return SSLContext.getDefault();
    }
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new TrustEverybody()}, new SecureRandom());
    return trusting;
  }

  /** In force only where the user turned verification off. */
  private static final class TrustEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /**
   * The servers to lay side by side, each with the model to send; {@code only} where the settings
   * name one server.
   *
   * @throws UnreachableException if one does not answer
   */
  static List<NamedTarget> sideBySide(NamedTarget only, Dialect dialect, TargetSettings target) {
    if (target.endpoints().isEmpty()) {
      return List.of(only);
    }
    List<NamedTarget> targets = new ArrayList<>();
    for (NamedTarget named : target.endpoints()) {
      Preflight preflight = ask(named.baseUrl(), dialect, target);
      String model = named.model();
      if (model == null && !preflight.models().isEmpty()) {
        model = preflight.models().get(0);
      }
      targets.add(new NamedTarget(named.label(), named.baseUrl(), model));
    }
    return List.copyOf(targets);
  }

  /** The tokens of a model's context; {@code null} if the server does not tell. */
  @Nullable Integer contextTokenCount(@Nullable String model) {
    return model == null ? null : contexts.get(model);
  }

  /** The model to send: the one named, else the first one listed. */
  static @Nullable String modelFor(TargetSettings target, Preflight preflight) {
    if (target.model() != null) {
      return target.model();
    }
    return preflight.models().isEmpty() ? null : preflight.models().get(0);
  }
}
