package llmload.wire;

import java.nio.charset.StandardCharsets;

/** The text of one channel, collected from pieces, as UTF-8 bytes up to a cap. */
final class TextBuffer {
  /** Far above any real answer: a stream without end must not fill the heap. */
  static final int CAP_BYTES = 8 << 20;

  private final GrowingBytes bytes = new GrowingBytes();
  private char openSurrogate;
  private boolean full;

  /** Appends a piece that is valid UTF-8. */
  void append(byte[] piece, int from, int to) {
    if (openSurrogate != 0) {
      append("");
    }
    add(piece, from, to);
  }

  /** Appends a piece; servers may split a surrogate pair that they escape over two pieces. */
  void append(String piece) {
    String text = piece;
    if (openSurrogate != 0) {
      text = openSurrogate + text;
      openSurrogate = 0;
    }
    int last = text.length() - 1;
    if (!piece.isEmpty() && Character.isHighSurrogate(text.charAt(last))) {
      openSurrogate = text.charAt(last);
      text = text.substring(0, last);
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    add(encoded, 0, encoded.length);
  }

  private void add(byte[] piece, int from, int to) {
    if (full || to - from > CAP_BYTES - bytes.size()) {
      full = true;
      return;
    }
    bytes.append(piece, from, to);
  }

  boolean isFull() {
    return full;
  }

  /** The number of bytes kept. */
  int size() {
    return bytes.size();
  }

  String text(int from, int to) {
    return new String(bytes.array(), from, to - from, StandardCharsets.UTF_8);
  }

  String text() {
    return text(0, bytes.size());
  }
}
