package llmload.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** The steps of which scripts are made. */
public final class Steps {
  private static final Duration FOREVER = Duration.ofDays(1);

  private Steps() {}

  /**
   * The status line and headers, nothing added to them: no length and no transfer coding.
   *
   * @param headers lines {@code Name: value}
   */
  public static Step head(int status, String... headers) {
    List<String> lines = List.of(headers);
    return exchange -> exchange.head(status, lines);
  }

  /**
   * The head of a stream: 200, {@code text/event-stream}, chunked.
   *
   * @param headers further lines {@code Name: value}
   */
  public static Step sse(String... headers) {
    List<String> lines = new ArrayList<>();
    lines.add("Content-Type: text/event-stream; charset=utf-8");
    lines.add("Transfer-Encoding: chunked");
    lines.addAll(List.of(headers));
    return exchange -> exchange.head(200, lines);
  }

  /** One chunk of UTF-8 text, sent at once. */
  public static Step chunk(String text) {
    return chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One chunk, sent at once. */
  public static Step chunk(byte[] bytes) {
    return exchange -> exchange.chunk(bytes);
  }

  /** One chunk for each text, each sent at once. */
  public static Step chunks(List<String> texts) {
    return sequence(texts.stream().map(Steps::chunk).toArray(Step[]::new));
  }

  /**
   * The bytes cut into chunks of these sizes, the rest in a last one; each sent at once, though the
   * client may still receive several together.
   */
  public static Step pieces(byte[] bytes, int... sizes) {
    List<byte[]> cut = cut(bytes, sizes);
    return exchange -> {
      for (byte[] piece : cut) {
        exchange.chunk(piece);
      }
    };
  }

  /** As {@link #pieces}, but of the bytes on the wire: framing and status line can be cut too. */
  public static Step rawPieces(byte[] bytes, int... sizes) {
    List<byte[]> cut = cut(bytes, sizes);
    return exchange -> {
      for (byte[] piece : cut) {
        exchange.raw(piece);
      }
    };
  }

  /** Bytes on the wire as they are. */
  public static Step raw(byte[] bytes) {
    return exchange -> exchange.raw(bytes);
  }

  /** UTF-8 text on the wire as it is. */
  public static Step raw(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The end of the body; the connection stays open for the next request. */
  public static Step lastChunk() {
    return Exchange::endBody;
  }

  /** A FIN, wherever the answer stands. */
  public static Step closeFin() {
    return Exchange::closeFin;
  }

  /** A TCP RST; on HTTP/2 a RST_STREAM. */
  public static Step reset() {
    return Exchange::reset;
  }

  /** A GOAWAY; HTTP/2 only. */
  public static Step goAway() {
    return Exchange::goAway;
  }

  /** Nothing, for that long. */
  public static Step pause(Duration duration) {
    return exchange -> exchange.pause(duration);
  }

  /** Nothing, until the client leaves. */
  public static Step hang() {
    return hang(FOREVER);
  }

  /** Nothing, until the client leaves or the time is over. */
  public static Step hang(Duration atMost) {
    return exchange -> exchange.hang(atMost);
  }

  /** Waits until a test counts the latch down. */
  public static Step await(CountDownLatch latch) {
    return exchange -> latch.await();
  }

  /** Tells a test that the script has come this far. */
  public static Step signal(CountDownLatch latch) {
    return exchange -> latch.countDown();
  }

  /** A whole answer in JSON, with its length. */
  public static Step json(int status, String body, String... headers) {
    return text(status, "application/json", body, headers);
  }

  /** A whole answer of any type, with its length. */
  public static Step text(int status, String contentType, String body, String... headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    lines.add("Content-Type: " + contentType);
    lines.add("Content-Length: " + bytes.length);
    lines.addAll(List.of(headers));
    return exchange -> exchange.answer(status, lines, bytes);
  }

  /** These steps, one after the other. */
  public static Step sequence(Step... steps) {
    List<Step> all = List.of(steps);
    return exchange -> playAll(all, exchange);
  }

  /** The step again and again, until the client leaves. */
  public static Step forever(Step... steps) {
    List<Step> all = List.of(steps);
    return exchange -> {
      while (!exchange.isOver()) {
        playAll(all, exchange);
      }
    };
  }

  /** The step {@code count} times. */
  public static Step repeat(int count, Step step) {
    return each(count, i -> step);
  }

  /** The step that {@code step} makes for 0, 1, … {@code count} − 1. */
  public static Step each(int count, IntFunction<Step> step) {
    return exchange -> {
      for (int i = 0; i < count && !exchange.isOver(); i++) {
        step.apply(i).play(exchange);
      }
    };
  }

  /** One byte a chunk, with a pause after each. */
  public static Step drip(String text, Duration pause) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return each(bytes.length, i -> sequence(chunk(new byte[] {bytes[i]}), pause(pause)));
  }

  /** A gzip stream with its head: each text compressed, flushed and sent as one chunk. */
  public static Step gzipSse(List<String> texts) {
    return compressed("gzip", texts);
  }

  /** A deflate (zlib) stream with its head: each text compressed, flushed and sent as one chunk. */
  public static Step deflateSse(List<String> texts) {
    return compressed("deflate", texts);
  }

  /** Text as one HTTP/1.1 chunk, framing included, for {@link #raw} and {@link #rawPieces}. */
  public static byte[] framed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(bytes);
    out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static void playAll(List<Step> steps, Exchange exchange)
      throws IOException, InterruptedException {
    for (Step step : steps) {
      if (exchange.isOver()) {
        return;
      }
      step.play(exchange);
    }
  }

  private static Step compressed(String coding, List<String> texts) {
    return exchange -> {
      sse("Content-Encoding: " + coding).play(exchange);
      ByteArrayOutputStream sink = new ByteArrayOutputStream();
      // Both flush what they hold as a sync block, so that the client can decode each chunk at
      // once.
      try (OutputStream out =
          coding.equals("gzip")
              ? new GZIPOutputStream(sink, 512, true)
              : new DeflaterOutputStream(sink, true)) {
        for (String text : texts) {
          out.write(text.getBytes(StandardCharsets.UTF_8));
          out.flush();
          exchange.chunk(sink.toByteArray());
          sink.reset();
        }
      }
      exchange.chunk(sink.toByteArray());
      exchange.endBody();
    };
  }

  private static List<byte[]> cut(byte[] bytes, int... sizes) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      int to = Math.min(bytes.length, from + size);
      if (to > from) {
        pieces.add(Arrays.copyOfRange(bytes, from, to));
      }
      from = to;
    }
    if (from < bytes.length) {
      pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
    }
    return pieces;
  }
}
