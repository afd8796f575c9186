package llmload.wire;

/** The URL of a path on a server whose base URL may itself end in a path or in {@code /v1}. */
public final class Endpoint {
  private static final String VERSION = "/v1";

  private Endpoint() {}

  /**
   * Joins a base URL and a path from the server's root.
   *
   * <p>{@code /v1} is never doubled, and a path outside it, like {@code /health}, replaces it:
   * {@code http://h:1/openai/v1} and {@code /v1/models} make {@code http://h:1/openai/v1/models};
   * {@code http://h:1/v1} and {@code /health} make {@code http://h:1/health}. Nor is {@code
   * /api/v1}.
   */
  public static String url(String baseUrl, String path) {
    String base = baseUrl.strip();
    while (base.endsWith("/")) {
      base = base.substring(0, base.length() - 1);
    }
    if (base.endsWith(VERSION)) {
      base = base.substring(0, base.length() - VERSION.length());
      if (path.startsWith("/api/") && base.endsWith("/api")) {
        base = base.substring(0, base.length() - "/api".length());
      }
    }
    return base + path;
  }
}
