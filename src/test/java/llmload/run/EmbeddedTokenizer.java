package llmload.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import llmload.wire.TokenCounter;

/**
 * The embedded server's own tokenizer, asked over HTTP before the load begins. Thread safe; a count
 * blocks its caller for as long as the server takes.
 */
final class EmbeddedTokenizer implements TokenCounter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI url;

  EmbeddedTokenizer(String baseUrl) {
    url = URI.create(baseUrl + "/tokenize");
  }

  /**
   * The tokens of {@code text}, in which the names of special tokens are special.
   *
   * @throws UncheckedIOException if the server gives no answer
   */
  @Override
  public int count(String text) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      JSON.writeValueAsString(Map.of("content", text))))
              .build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(url + " answered " + response.statusCode());
      }
      return JSON.readTree(response.body()).path("tokens").size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while counting tokens", e);
    }
  }
}
