package llmload.bench;

/** A moment as a text of fixed length that a token can be. */
final class StampText {
  /** Enough for thirty years of nanoseconds since the machine's start. */
  static final int DIGITS = 18;

  private StampText() {}

  /** Writes the digits of {@code nanos}, zeros in front. */
  static void write(long nanos, byte[] into, int at) {
    long rest = nanos;
    for (int i = at + DIGITS - 1; i >= at; i--) {
      into[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** The stamp of the {@code index}th token of a text in which each is a blank and its digits. */
  static long read(String text, int index) {
    int from = index * (DIGITS + 1) + 1;
    return Long.parseLong(text, from, from + DIGITS, 10);
  }
}
