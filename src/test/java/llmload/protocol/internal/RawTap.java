package llmload.protocol.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of an HTTP/1.1 chunked response before Netty's codec sees it: one stamp and one
 * copy a socket read, no object a chunk.
 *
 * <p>Sits in front of the codec and is armed for each request. The head passes through to the
 * codec, whose callback decides whether to {@link #take} the body; the last chunk, its trailers and
 * whatever follows are handed to the codec, so that Gatling's state machine, pool and timeouts see
 * a normal response. Not for HTTP/2, nor for a compressed or unchunked body: those stay with the
 * codec. Runs on the channel's event loop only.
 */
final class RawTap extends ChannelInboundHandlerAdapter {
  /** The name under which a tap stands in a channel's pipeline. */
  static final String NAME = "llmload-tap";

  /**
   * Reads of one size. Netty's own guess shrinks to the size of one token, and a read that fills
   * its buffer costs a second system call to learn that there is no more.
   */
  static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(32 * 1024);

  /** Who gets the body. */
  interface Sink {
    /**
     * Some bytes of the body.
     *
     * @param atNanos the {@code System.nanoTime()} of the socket read
     */
    void onBody(byte[] bytes, int from, int to, long atNanos);

    /** The chunked coding is broken; the channel is being closed. */
    void onBrokenChunks(String what);
  }

  private enum Stage {
    PASS,
    HEAD,
    SIZE,
    EXTENSION,
    SIZE_END,
    DATA,
    DATA_CR,
    DATA_LF,
    BROKEN
  }

  private static final int PLAIN_SIZE_DIGITS = 7;

  /** The value of each hexadecimal digit; -1 for every other byte. */
  private static final byte[] HEX = new byte[256];

  static {
    for (int i = 0; i < HEX.length; i++) {
      HEX[i] = (byte) (i < 0x80 ? Character.digit(i, 16) : -1);
    }
  }

  private static final byte[] LAST_CHUNK_SIZE = "0\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int MAX_SIZE_LINE = 4096;

  /** The beginning of a status line, up to the status: {@code HTTP/1.1 200}. */
  private static final int STATUS_BYTES = 12;

  /** One copy of a socket read; a loop's reads never overlap. */
  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[64 * 1024];
        }
      };

  private @Nullable Sink sink;
  private Stage stage = Stage.PASS;
  private int armCount;
  private int headEndMatched;
  private final byte[] status = new byte[STATUS_BYTES];
  private int statusLength;
  private boolean dropInterim;
  private boolean interim;
  private long chunkSize;
  private int sizeDigits;
  private int lineLength;
  private long remaining;
  private long readAtNanos;

  /** The {@code System.nanoTime()} of the socket read that is being handed on. */
  long readAtNanos() {
    return readAtNanos;
  }

  /**
   * Watches for the head of the next response, for {@code sink}.
   *
   * @param dropInterim whether interim responses (100, 102, 103) are left out, as RFC 9110, 15.2
   *     wants of a client that asked for none; the engine would take one for the answer
   */
  void arm(Sink sink, boolean dropInterim) {
    this.sink = sink;
    this.dropInterim = dropInterim;
    armCount++;
    stage = Stage.HEAD;
    beginHead();
  }

  private void beginHead() {
    headEndMatched = 0;
    statusLength = 0;
    interim = false;
  }

  /** Takes the body of the response whose head is passing through. */
  void take() {
    if (stage == Stage.HEAD) {
      stage = Stage.SIZE;
      beginSize();
    }
  }

  /** Lets everything pass from here on; the sink hears no more. */
  void disarm() {
    sink = null;
    if (stage == Stage.HEAD) {
      stage = Stage.PASS;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (stage == Stage.PASS || !(message instanceof ByteBuf in)) {
      ctx.fireChannelRead(message);
      return;
    }
    long now = System.nanoTime();
    readAtNanos = now;
    try {
      int at = in.readerIndex();
      int end = in.writerIndex();
      if (stage == Stage.HEAD) {
        at = passHead(ctx, in, at, end);
      }
      if (at < end) {
        if (stage == Stage.PASS || stage == Stage.HEAD) {
          ctx.fireChannelRead(in.retainedSlice(at, end - at));
        } else {
          body(ctx, in, at, end, now);
        }
      }
    } finally {
      in.release();
    }
  }

  /** Hands heads to the codec; returns where the body begins, or {@code end} inside a head. */
  private int passHead(ChannelHandlerContext ctx, ByteBuf in, int from, int end) {
    int at = from;
    int arming = armCount;
    while (stage == Stage.HEAD && arming == armCount && at < end) {
      if (statusLength < STATUS_BYTES && !seeStatus(ctx, in, at, end)) {
        return end; // held until the status is whole
      }
      int bodyAt = headEnd(in, at, end);
      int to = bodyAt < 0 ? end : bodyAt;
      boolean complete = bodyAt >= 0;
      if (!interim) {
        ctx.fireChannelRead(in.retainedSlice(at, to - at)); // may call take() or disarm()
      }
      at = to;
      // An answer without a body ends with its head, and the next request may have armed the tap.
      if (complete && stage == Stage.HEAD && arming == armCount) {
        if (interim) {
          beginHead();
        } else {
          stage = Stage.PASS; // not ours: an error's body, or a length-delimited one
        }
      }
    }
    return at;
  }

  /** Reads the status; what an earlier read brought of it goes on before the rest of the head. */
  private boolean seeStatus(ChannelHandlerContext ctx, ByteBuf in, int from, int end) {
    int held = statusLength;
    int n = Math.min(STATUS_BYTES - held, end - from);
    in.getBytes(from, status, held, n);
    statusLength += n;
    if (statusLength < STATUS_BYTES) {
      return false;
    }
    interim = dropInterim && isInterim();
    if (held > 0 && !interim) {
      ctx.fireChannelRead(Unpooled.copiedBuffer(status, 0, held));
    }
    return true;
  }

  private boolean isInterim() {
    String line = new String(status, StandardCharsets.ISO_8859_1);
    return line.startsWith("HTTP/1.") && line.startsWith(" 1", 8) && !line.endsWith("101");
  }

  private int headEnd(ByteBuf in, int from, int end) {
    for (int i = from; i < end; i++) {
      byte b = in.getByte(i);
      boolean wanted = (headEndMatched & 1) == 0 ? b == '\r' : b == '\n';
      headEndMatched = wanted ? headEndMatched + 1 : b == '\r' ? 1 : 0;
      if (headEndMatched == 4) {
        headEndMatched = 0;
        return i + 1;
      }
    }
    return -1;
  }

  /** Moves the data of all chunks in a read together, so that the sink is called once a read. */
  private void body(ChannelHandlerContext ctx, ByteBuf in, int from, int end, long now) {
    int length = end - from;
    byte[] bytes = scratch(length);
    in.getBytes(from, bytes, 0, length);
    int at = 0;
    int kept = 0;
    while (at < length && stage != Stage.PASS && stage != Stage.BROKEN) {
      if (stage == Stage.DATA) {
        int n = (int) Math.min(remaining, length - at);
        System.arraycopy(bytes, at, bytes, kept, n);
        kept += n;
        at += n;
        remaining -= n;
        if (remaining == 0) {
          stage = Stage.DATA_CR;
        }
      } else {
        at = framing(bytes, at, length);
      }
    }
    if (kept > 0 && sink != null) {
      sink.onBody(bytes, 0, kept, now);
    }
    if (stage == Stage.PASS) {
      endOfBody(ctx, in, from + at, end);
    } else if (stage == Stage.BROKEN) {
      broken(ctx);
    }
  }

  private static byte[] scratch(int length) {
    byte[] bytes = SCRATCH.get();
    if (bytes.length < length) {
      bytes = new byte[length];
      SCRATCH.set(bytes);
    }
    return bytes;
  }

  private void beginSize() {
    chunkSize = 0;
    sizeDigits = 0;
    lineLength = 0;
  }

  /** Passes the usual size line or line end in one step, and one byte of any other framing. */
  private int framing(byte[] bytes, int at, int end) {
    if (stage == Stage.DATA_CR && end - at >= 2 && bytes[at] == '\r' && bytes[at + 1] == '\n') {
      stage = Stage.SIZE;
      beginSize();
      return at + 2;
    }
    if (stage == Stage.SIZE && sizeDigits == 0) {
      int i = at;
      int plainSize = 0;
      while (i < end && i - at < PLAIN_SIZE_DIGITS && HEX[bytes[i] & 0xFF] >= 0) {
        plainSize = (plainSize << 4) | HEX[bytes[i++] & 0xFF];
      }
      if (i > at && end - i >= 2 && bytes[i] == '\r' && bytes[i + 1] == '\n') {
        chunkSize = plainSize;
        endSizeLine();
        return i + 2;
      }
    }
    frame(bytes[at]);
    return at + 1;
  }

  /** One byte of the chunked coding's own: a size line, or the line end after a chunk's data. */
  private void frame(byte b) {
    switch (stage) {
      case SIZE -> size(b);
      case EXTENSION -> {
        if (b == '\n') {
          endSizeLine();
        } else if (++lineLength > MAX_SIZE_LINE) {
          stage = Stage.BROKEN;
        }
      }
      case SIZE_END -> {
        if (b == '\n') {
          endSizeLine();
        } else {
          stage = Stage.BROKEN;
        }
      }
      case DATA_CR -> {
        if (b == '\r') {
          stage = Stage.DATA_LF;
        } else if (b == '\n') {
          stage = Stage.SIZE;
          beginSize();
        } else {
          stage = Stage.BROKEN;
        }
      }
      case DATA_LF -> {
        if (b == '\n') {
          stage = Stage.SIZE;
          beginSize();
        } else {
          stage = Stage.BROKEN;
        }
      }
      default -> throw new IllegalStateException(stage.name());
    }
  }

  private void size(byte b) {
    int digit = HEX[b & 0xFF];
    if (digit >= 0) {
      chunkSize = (chunkSize << 4) | digit;
      if (++sizeDigits > 12) {
        stage = Stage.BROKEN;
      }
    } else if (sizeDigits == 0) {
      stage = Stage.BROKEN;
    } else if (b == '\n') {
      endSizeLine();
    } else if (b == '\r') {
      stage = Stage.SIZE_END;
    } else if (b == ';' || b == ' ' || b == '\t') {
      stage = Stage.EXTENSION;
    } else {
      stage = Stage.BROKEN;
    }
  }

  private void endSizeLine() {
    remaining = chunkSize;
    stage = chunkSize == 0 ? Stage.PASS : Stage.DATA;
  }

  private void endOfBody(ChannelHandlerContext ctx, ByteBuf in, int from, int end) {
    sink = null;
    ctx.fireChannelRead(Unpooled.wrappedBuffer(LAST_CHUNK_SIZE));
    if (from < end) {
      ctx.fireChannelRead(in.retainedSlice(from, end - from));
    }
  }

  private void broken(ChannelHandlerContext ctx) {
    Sink told = sink;
    sink = null;
    if (told != null) {
      told.onBrokenChunks("a chunk size or line end that HTTP/1.1 does not allow");
    }
    var unused = ctx.close();
  }
}
