package llmload.run;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.config.Secret;
import llmload.config.SettingsReader;
import llmload.server.engine.simulated.SimulatedSettings;
import llmload.wire.Dialects;
import org.jspecify.annotations.Nullable;

/**
 * The server under test.
 *
 * @param baseUrl its URL; {@code null} for the embedded server
 * @param endpoints the servers to lay side by side, the first of them at {@code baseUrl}; empty
 *     where there is one server
 * @param dialect the API it speaks
 * @param model the model's name; {@code null} to take what the server lists first
 * @param engine the embedded server's engine; {@code null} for the real one or, where that cannot
 *     be had, the simulated one
 * @param simulated what is given for the simulated engine
 * @param apiKey the key, if there is one
 * @param apiKeyHeader the header that carries it; {@code Authorization} carries it as a bearer
 *     token
 * @param headers further headers of each request
 * @param verifyTls whether certificates are verified
 */
public record TargetSettings(
    @Nullable String baseUrl,
    List<NamedTarget> endpoints,
    String dialect,
    @Nullable String model,
    @Nullable String engine,
    Map<String, String> simulated,
    Optional<Secret> apiKey,
    String apiKeyHeader,
    Map<String, String> headers,
    boolean verifyTls) {

  private static final String HEADER_NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String HEADER_VALUE = "[\\t -~]*";

  static TargetSettings read(SettingsReader settings, Map<String, String> environment, Path root) {
    String baseUrl = settings.text("baseUrl").orElse(null);
    if (baseUrl != null) {
      requireHttpUrl(settings, "baseUrl", baseUrl);
    }
    settings.text("retrieval.url").ifPresent(url -> requireHttpUrl(settings, "retrieval.url", url));
    String model = settings.text("model").orElse(null);
    List<NamedTarget> endpoints = NamedTargets.read(settings, model);
    if (!endpoints.isEmpty() && baseUrl != null) {
      settings.problem(
          "llm.endpoints: Expecting either baseUrl or endpoints, whose first is the base."
              + " Found: both.");
    } else if (!endpoints.isEmpty()) {
      baseUrl = endpoints.get(0).baseUrl();
    }
    String dialect = settings.choice("dialect", Dialects.ids(), "openai-chat");
    TargetSettings target =
        new TargetSettings(
            baseUrl,
            endpoints,
            dialect,
            endpoints.isEmpty() ? model : endpoints.get(0).model(),
            settings.choice("engine", EmbeddedServerProcess.ENGINES).orElse(null),
            simulated(settings),
            ApiKey.find(settings, environment, root),
            settings.text("apiKeyHeader", Dialects.of(dialect).apiKeyHeader()),
            settings.map("headers"),
            settings.flag("tls.verify", true));
    target.requireHeaders(settings);
    return target;
  }

  /** The same server as one of vector search. */
  TargetSettings searching(RetrievalSettings retrieval) {
    return new TargetSettings(
        retrieval.url().orElse(baseUrl),
        endpoints,
        retrieval.dialect(),
        model,
        engine,
        simulated,
        apiKey,
        apiKeyHeader,
        headers,
        verifyTls);
  }

  /** Neither name nor value is shown, since either may hold the key. */
  private void requireHeaders(SettingsReader settings) {
    if (!apiKeyHeader.matches(HEADER_NAME)) {
      settings.reject("apiKeyHeader", "the name of a header");
    }
    if (apiKey.isPresent() && !apiKey.get().value().matches(HEADER_VALUE)) {
      settings.problem(
          "API key: Expecting printable ASCII characters, which a header can carry. Found: others."
              + " Look for a line end or a pasted mark in LLM_API_KEY or its file.");
    }
    headers.forEach(
        (name, value) -> {
          if (!name.matches(HEADER_NAME) || !value.matches(HEADER_VALUE)) {
            settings.problem(
                "llm.headers: Expecting names and values that a header can carry. Found: others"
                    + " in header "
                    + name.replaceAll("[^!-~]", "?")
                    + ".");
          }
        });
  }

  /** Read here too, so that a mistake is told with all others and not by the server. */
  private static Map<String, String> simulated(SettingsReader settings) {
    Map<String, String> given = SimulatedSettings.given(settings);
    if (!given.isEmpty()) {
      SimulatedSettings unused = SimulatedSettings.read(settings);
    }
    return given;
  }

  private static void requireHttpUrl(SettingsReader settings, String key, String baseUrl) {
    if (isHttpUrl(baseUrl)) {
      return;
    }
    settings.problem(
        hasCredentials(baseUrl)
            ? "llm."
                + key
                + ": Expecting a URL without credentials. Found: some."
                + " Give the key in LLM_API_KEY or apiKeyFile."
            : "llm." + key + ": Expecting a URL such as http://gpu:8000. Found: " + baseUrl + ".");
  }

  /** Whether it is a URL of http or https with a host and without credentials. */
  static boolean isHttpUrl(String url) {
    try {
      URI uri = new URI(url);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return http && uri.getHost() != null && uri.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean hasCredentials(String url) {
    try {
      return new URI(url).getUserInfo() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** The same with these numbers of the simulated engine where none are given. */
  TargetSettings withEngineDefaults(Map<String, String> defaults) {
    Map<String, String> all = new LinkedHashMap<>(defaults);
    all.putAll(simulated);
    return new TargetSettings(
        baseUrl, endpoints, dialect, model, engine, all, apiKey, apiKeyHeader, headers, verifyTls);
  }

  /** The headers of each request, the key among them. */
  Map<String, String> allHeaders() {
    Map<String, String> all = new LinkedHashMap<>(headers);
    apiKey.ifPresent(
        key ->
            all.put(
                apiKeyHeader,
                "Authorization".equalsIgnoreCase(apiKeyHeader)
                    ? "Bearer " + key.value()
                    : key.value()));
    return all;
  }
}
