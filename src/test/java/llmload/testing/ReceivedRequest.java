package llmload.testing;

import java.util.Locale;
import java.util.Optional;

/**
 * One request as it reached a scripted server.
 *
 * @param index its place among all requests of the server, from 0
 * @param connection the place of its connection among all accepted ones, from 0
 * @param method the HTTP method
 * @param path the request target, query included
 * @param head the request line and headers as they came, without the blank line that ends them; on
 *     HTTP/2 the pseudo-headers are the first lines
 * @param body the body, decoded from its transfer coding, read as UTF-8
 */
public record ReceivedRequest(
    int index, int connection, String method, String path, String head, String body) {

  /** The first value of the header {@code name}, whose case does not matter. */
  public Optional<String> header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return head.lines()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).trim())
        .findFirst();
  }
}
