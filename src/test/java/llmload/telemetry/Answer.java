package llmload.telemetry;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** An answer as it comes in: its status must be 200, and its body may have up to a limit. */
final class Answer {
  private static final int OK = 200;

  /**
   * What a server or a proxy says of now, not of the page (RFC 9110, sections 15.5.9 and 15.6; RFC
   * 6585, section 4; RFC 8470, section 5.2). 501 is of the page: llama.cpp without {@code
   * --metrics}.
   */
  private static final Set<Integer> MAY_PASS = Set.of(408, 425, 429, 500, 502, 503, 504);

  private static final int LEAST_BYTES = 4 << 10;

  private final int limitBytes;
  private @Nullable HttpResponse head;
  private byte[] body = new byte[0];
  private int filled;

  Answer(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * Takes the next part, and lets go of it.
   *
   * @return whether it was the last one
   */
  boolean take(Object part) throws SourceException {
    try {
      if (part instanceof HttpObject decoded && decoded.decoderResult().isFailure()) {
        throw SourceException.passing(MissReason.NOT_METRICS, "an answer that is not HTTP");
      }
      if (part instanceof HttpResponse response) {
        begin(response);
      } else if (head != null && part instanceof HttpContent content) {
        append(content.content());
        return part instanceof LastHttpContent;
      }
      return false;
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private void begin(HttpResponse response) throws SourceException {
    // An interim answer has an end of its own, which is not that of the answer.
    if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      head = null;
      return;
    }
    int status = response.status().code();
    if (status != OK) {
      throw SourceException.passing(
          MAY_PASS.contains(status) ? MissReason.NOT_READY : MissReason.HTTP_STATUS,
          "HTTP " + status);
    }
    head = response;
    long announced = HttpUtil.getContentLength(response, 0L);
    if (announced > limitBytes) {
      throw tooLarge();
    }
    body = new byte[(int) Math.max(0, announced)];
  }

  private void append(ByteBuf bytes) throws SourceException {
    int more = bytes.readableBytes();
    if (more > limitBytes - filled) {
      throw tooLarge();
    }
    if (more > body.length - filled) {
      int doubled = Math.max(LEAST_BYTES, Math.max(filled + more, 2 * body.length));
      body = Arrays.copyOf(body, Math.min(limitBytes, doubled));
    }
    bytes.readBytes(body, filled, more);
    filled += more;
  }

  /** Whether the server leaves the connection open. */
  boolean isKeptAlive() {
    return head != null && HttpUtil.isKeepAlive(head);
  }

  /** The page, once the last part was taken. */
  PageFetch.Page page() throws SourceException {
    byte[] whole = filled == body.length ? body : Arrays.copyOf(body, filled);
    if (header(HttpHeaderNames.CONTENT_ENCODING).equalsIgnoreCase("gzip")) {
      whole = unzipped(whole);
    }
    String type = header(HttpHeaderNames.CONTENT_TYPE);
    int end = type.indexOf(';');
    return new PageFetch.Page(
        whole, (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT));
  }

  private String header(CharSequence name) {
    String value = head == null ? null : head.headers().get(name);
    return value == null ? "" : value;
  }

  private byte[] unzipped(byte[] packed) throws SourceException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = in.readNBytes(limitBytes + 1);
      if (plain.length > limitBytes) {
        throw tooLarge();
      }
      return plain;
    } catch (IOException e) {
      throw SourceException.passing(MissReason.NOT_METRICS, "no gzip, though it says so");
    }
  }

  private SourceException tooLarge() {
    return SourceException.passing(
        MissReason.TOO_LARGE, "an answer of more than " + limitBytes + " bytes");
  }
}
