package llmload.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Strict UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final int INVALID = -1;

  private Utf8() {}

  /** Whether no byte has its high bit set. */
  static boolean isAscii(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      if (((long) LONGS.get(bytes, i) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isValid(byte[] bytes, int from, int to) {
    return isAscii(bytes, from, to) || length(bytes, from, to) != INVALID;
  }

  /** The number of UTF-16 units that the bytes decode to; -1 if they are not UTF-8. */
  static int length(byte[] bytes, int from, int to) {
    int units = 0;
    int i = from;
    while (i < to) {
      int lead = bytes[i];
      if (lead >= 0) {
        i++;
        units++;
        continue;
      }
      int more = continuationCount(lead & 0xFF);
      if (more == INVALID || i + more >= to || !isSequence(bytes, i, more)) {
        return INVALID;
      }
      i += more + 1;
      units += more == 3 ? 2 : 1;
    }
    return units;
  }

  private static int continuationCount(int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      return 1;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      return 2;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : INVALID;
  }

  private static boolean isSequence(byte[] bytes, int at, int more) {
    int lead = bytes[at] & 0xFF;
    int second = bytes[at + 1] & 0xFF;
    // The second byte's range is where overlong forms, surrogates and values beyond Unicode show.
    int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      return false;
    }
    for (int i = 2; i <= more; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  }
}
