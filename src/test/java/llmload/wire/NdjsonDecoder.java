package llmload.wire;

/**
 * Cuts a body of newline-delimited JSON into events, one for each line that is not blank.
 *
 * <p>A line ends at LF, a CR before it is white space of JSON. The last line needs no line end. The
 * input may be cut anywhere.
 */
final class NdjsonDecoder {
  private final EventSink sink;
  private final int maxEventBytes;
  private final GrowingBytes line = new GrowingBytes();

  NdjsonDecoder(EventSink sink, int maxEventBytes) {
    this.sink = sink;
    this.maxEventBytes = maxEventBytes;
  }

  /** Takes the next bytes; they are not kept after the call. */
  void feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && !sink.isClosed()) {
      int end = at;
      while (end < to && bytes[end] != '\n') {
        end++;
      }
      if (end - at > maxEventBytes - line.size()) {
        sink.tooLarge();
      } else if (end == to) {
        line.append(bytes, at, to);
      } else if (line.isEmpty()) {
        event(bytes, at, end);
      } else {
        line.append(bytes, at, end);
        finish();
      }
      at = end + 1;
    }
  }

  /** The body has ended: what is left is the last line. */
  void finish() {
    if (!sink.isClosed()) {
      event(line.array(), 0, line.size());
    }
    line.clear();
  }

  private void event(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\r' && bytes[i] != '\t') {
        sink.event("", bytes, from, to);
        return;
      }
    }
  }
}
