package llmload.telemetry.exposition;

/**
 * Reads the numbers that nearly every sample has, without a copy of their text: up to 2^53 in
 * digits and a power of ten up to 22, whose quotient or product is the nearest double, as both are
 * exact (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990). One thread at a time.
 */
final class PlainNumber {
  private static final long LARGEST_EXACT = 1L << 53;
  private static final long LAST_SAFE = Long.MAX_VALUE / 10 - 1;
  private static final int EXPONENT_LIMIT = 1_000;
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };

  private byte[] text = new byte[0];
  private int at;
  private long digits;
  private double value;

  /** What the last successful call read. */
  double value() {
    return value;
  }

  /**
   * Reads a number that fills the rest of its line.
   *
   * @return where the line ends; −1 if it is no such number
   */
  int read(byte[] page, int from) {
    text = page;
    at = from;
    digits = 0;
    boolean negative = peek() == '-';
    at += negative ? 1 : 0;
    int whole = digits();
    int fraction = 0;
    if (whole >= 0 && peek() == '.') {
      at++;
      fraction = digits();
    }
    if (whole < 0 || fraction < 0 || whole + fraction == 0) {
      return -1;
    }
    int power = -fraction;
    if (peek() == 'e' || peek() == 'E') {
      at++;
      int exponent = exponent();
      if (exponent > EXPONENT_LIMIT) {
        return -1;
      }
      power += exponent;
    }
    boolean fills = at == text.length || text[at] == '\n';
    if (!fills || digits > LARGEST_EXACT || Math.abs(power) >= POWERS.length) {
      return -1;
    }
    double exact = power < 0 ? digits / POWERS[-power] : digits * POWERS[power];
    value = negative ? -exact : exact;
    return at;
  }

  /** Adds digits; how many, −1 if they are too many. */
  private int digits() {
    int start = at;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      if (digits > LAST_SAFE) {
        return -1;
      }
      digits = digits * 10 + (text[at] - '0');
      at++;
    }
    return at - start;
  }

  /** The exponent; beyond the limit if it is none, or a large one. */
  private int exponent() {
    boolean negative = peek() == '-';
    at += negative || peek() == '+' ? 1 : 0;
    int start = at;
    int read = 0;
    while (at < text.length && text[at] >= '0' && text[at] <= '9' && read <= EXPONENT_LIMIT) {
      read = read * 10 + (text[at] - '0');
      at++;
    }
    if (at == start || read > EXPONENT_LIMIT) {
      return EXPONENT_LIMIT + 1;
    }
    return negative ? -read : read;
  }

  private int peek() {
    return at < text.length ? text[at] : 0;
  }
}
