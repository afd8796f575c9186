package llmload.telemetry;

import java.net.URI;
import java.util.Locale;

/**
 * Where a connection leads to.
 *
 * @param host its name, or its address without brackets
 */
record Origin(boolean secure, String host, int port) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** The server of {@code url}. */
  static Origin of(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String host = url.getHost();
    boolean secure = scheme.equals("https");
    if (host == null || !(secure || scheme.equals("http"))) {
      throw new IllegalArgumentException(
          "URL: Expecting http or https and a host. Found: " + url + ".");
    }
    int standard = secure ? HTTPS_PORT : HTTP_PORT;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Origin(secure, bare, url.getPort() < 0 ? standard : url.getPort());
  }

  /** As the header {@code Host} names it. */
  String authority() {
    String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == (secure ? HTTPS_PORT : HTTP_PORT) ? shown : shown + ":" + port;
  }
}
