package llmload.wire;

import java.util.Arrays;

/**
 * The frame of the last plain token, to recognise the next one without parsing it.
 *
 * <p>Servers repeat one JSON object for each token and change nothing but the text in it. Once a
 * full parse has shown that an event is one choice with one non-empty text, its bytes before and
 * after that text are kept. A later event with the same bytes around a text that holds no quote, no
 * escape, no control character and only valid UTF-8 is the same JSON with another text: quotes and
 * escapes are what could change its structure, and a parser would have refused the other two.
 *
 * <p>Two ways in: {@link #match} takes a whole frame, its field name and line ends included,
 * straight from the read buffer; {@link #matchData} takes an event's data that a decoder had to put
 * together.
 */
final class FrameTemplate {
  private static final int NONE = -1;

  /** A longer frame is rare, and not worth its copy in every stream. */
  private static final int MAX_BYTES = 4 << 10;

  /** For each byte: 0 plain, 1 part of a longer character, 2 cannot stand in a plain text. */
  private static final byte[] KIND = new byte[256];

  private static final int BEYOND_ASCII = 1;
  private static final int STOP = 2;

  static {
    Arrays.fill(KIND, 0, 0x20, (byte) STOP);
    KIND['"'] = STOP;
    KIND['\\'] = STOP;
    Arrays.fill(KIND, 0x80, 0x100, (byte) BEYOND_ASCII);
  }

  private final int maxFrameBytes;
  private byte[] prefix = new byte[0];
  private byte[] suffix = new byte[0];
  private int leadBytes;
  private int tailBytes;
  private boolean dataKnown;
  private boolean frameKnown;
  private boolean lastFits;
  private int textFrom;
  private int textTo;
  private int textChars;

  FrameTemplate(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Remembers an event's data around its one text.
   *
   * @param openQuote the index of the quote before the text
   * @param closeQuote the index of the quote after it
   */
  void learn(byte[] bytes, int from, int openQuote, int closeQuote, int to) {
    if (to - from > MAX_BYTES || !isString(bytes, openQuote, closeQuote)) {
      return;
    }
    prefix = Arrays.copyOfRange(bytes, from, openQuote + 1);
    suffix = Arrays.copyOfRange(bytes, closeQuote, to);
    leadBytes = 0;
    tailBytes = 0;
    dataKnown = true;
    frameKnown = false;
    lastFits = true;
  }

  /** Whether the last event fits but the lines around its data are not known yet. */
  boolean wantsFrame() {
    return lastFits && !frameKnown;
  }

  /** Remembers the lines around the data of the event that was learnt or matched last. */
  void learnFrame(byte[] bytes, int frameFrom, int dataFrom, int dataTo, int frameTo) {
    if (frameTo - frameFrom > MAX_BYTES) {
      return;
    }
    int textStart = dataFrom + prefix.length - leadBytes;
    int textEnd = dataTo - suffix.length + tailBytes;
    prefix = Arrays.copyOfRange(bytes, frameFrom, textStart);
    suffix = Arrays.copyOfRange(bytes, textEnd, frameTo);
    leadBytes = dataFrom - frameFrom;
    tailBytes = frameTo - dataTo;
    frameKnown = true;
  }

  /** Forgets that the last event fitted. */
  void nextEvent() {
    lastFits = false;
  }

  /** The end of the frame that starts at {@code from}; -1 if it is no repetition. */
  int match(byte[] bytes, int from, int to) {
    int start = from + prefix.length;
    if (!frameKnown
        || to - start <= suffix.length
        || !Arrays.equals(bytes, from, start, prefix, 0, prefix.length)) {
      return NONE;
    }
    int quote = scan(bytes, start, to - suffix.length + 1);
    if (quote == NONE) {
      return NONE;
    }
    int end = quote + suffix.length;
    if (end - from > maxFrameBytes || !Arrays.equals(bytes, quote, end, suffix, 0, suffix.length)) {
      return NONE;
    }
    return end;
  }

  /** Whether an event's data is a repetition. */
  boolean matchData(byte[] bytes, int from, int to) {
    int start = from + prefix.length - leadBytes;
    int quote = to - suffix.length + tailBytes;
    lastFits =
        dataKnown
            && start < quote
            && Arrays.equals(bytes, from, start, prefix, leadBytes, prefix.length)
            && Arrays.equals(bytes, quote, to, suffix, 0, suffix.length - tailBytes)
            && scan(bytes, start, quote + 1) == quote;
    return lastFits;
  }

  int textFrom() {
    return textFrom;
  }

  int textTo() {
    return textTo;
  }

  int textChars() {
    return textChars;
  }

  /** The index of the quote that ends a plain, non-empty text; -1 if there is no such text. */
  private int scan(byte[] bytes, int from, int to) {
    int seen = 0;
    for (int i = from; i < to; i++) {
      int kind = KIND[bytes[i] & 0xFF];
      if (kind == STOP) {
        if (bytes[i] != '"' || i == from) {
          return NONE;
        }
        textFrom = from;
        textTo = i;
        textChars = seen == 0 ? i - from : Utf8.length(bytes, from, i);
        return textChars == NONE ? NONE : i;
      }
      seen |= kind;
    }
    return NONE;
  }

  private static boolean isString(byte[] bytes, int openQuote, int closeQuote) {
    if (bytes[openQuote] != '"' || bytes[closeQuote] != '"') {
      return false;
    }
    int i = openQuote + 1;
    while (i < closeQuote && bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return i == closeQuote;
  }
}
