package llmload.telemetry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/** GETs pages that may be slow, endless or not what they should be. Any thread. */
public final class PageFetch {
  /** The most that an answer may have: 16 MiB. */
  public static final int LIMIT_BYTES = 16 << 20;

  private final HttpClient client;
  private final int limitBytes;

  /** A fetcher that takes answers of up to {@value #LIMIT_BYTES} bytes. */
  public PageFetch(HttpClient client) {
    this(client, LIMIT_BYTES);
  }

  PageFetch(HttpClient client, int limitBytes) {
    this.client = client;
    this.limitBytes = limitBytes;
  }

  /**
   * A page.
   *
   * @param text its body
   * @param contentType its media type in lower case, without parameters; empty if none was named
   */
  public record Page(String text, String contentType) {
    /** Whether it says that it is, or looks like, HTML. */
    public boolean isHtml() {
      return contentType.equals("text/html") || text.stripLeading().startsWith("<");
    }
  }

  /**
   * The page at {@code url}, if it comes whole, with status 200, within {@code deadline}.
   *
   * @param headers sent along, over {@code Accept}
   * @throws SourceException for every other outcome
   */
  public Page get(URI url, Map<String, String> headers, Duration deadline)
      throws SourceException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(deadline);
    request.header("Accept", "text/plain;version=0.0.4, */*;q=0.1");
    headers.forEach(request::setHeader);
    // The request's own timeout ends with the headers: the body is awaited here.
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new BoundedBody(limitBytes));
    try {
      return page(answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw timeout(deadline);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause(), deadline);
    } finally {
      boolean unused = answer.cancel(true);
    }
  }

  private SourceException failure(Throwable cause, Duration deadline) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof BoundedBody.TooLargeException) {
        return tooLarge();
      }
      if (at instanceof java.net.http.HttpTimeoutException
          && !(at instanceof java.net.http.HttpConnectTimeoutException)) {
        return timeout(deadline);
      }
    }
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return SourceException.passing(
        MissReason.UNREACHABLE, message == null ? name : name + ": " + message);
  }

  private static SourceException timeout(Duration deadline) {
    return SourceException.passing(
        MissReason.TIMEOUT, "no whole answer within " + deadline.toMillis() + " ms");
  }

  private SourceException tooLarge() {
    return SourceException.passing(
        MissReason.TOO_LARGE, "an answer of more than " + limitBytes + " bytes");
  }

  private Page page(HttpResponse<byte[]> response) throws SourceException {
    int status = response.statusCode();
    if (status != 200) {
      throw SourceException.passing(MissReason.HTTP_STATUS, "HTTP " + status);
    }
    byte[] body = response.body();
    if (response.headers().firstValue("Content-Encoding").filter("gzip"::equals).isPresent()) {
      body = unzipped(body);
    }
    String type = response.headers().firstValue("Content-Type").orElse("");
    int end = type.indexOf(';');
    return new Page(
        new String(body, StandardCharsets.UTF_8),
        (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT));
  }

  private byte[] unzipped(byte[] body) throws SourceException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] plain = in.readNBytes(limitBytes + 1);
      if (plain.length > limitBytes) {
        throw tooLarge();
      }
      return plain;
    } catch (IOException e) {
      throw SourceException.passing(MissReason.NOT_METRICS, "no gzip, though it says so");
    }
  }
}
