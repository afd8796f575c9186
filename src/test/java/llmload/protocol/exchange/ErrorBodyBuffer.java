package llmload.protocol.exchange;

import java.io.ByteArrayOutputStream;
import llmload.wire.ErrorBody;
import org.jspecify.annotations.Nullable;

/** The first bytes of a response that is an error, up to a cap. */
public final class ErrorBodyBuffer {
  private static final int CAP_BYTES = 16 * 1024;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);

  /** Keeps what still fits. */
  public void append(byte[] bytes, int from, int to) {
    int n = Math.min(to - from, CAP_BYTES - kept.size());
    if (n > 0) {
      kept.write(bytes, from, n);
    }
  }

  /** What the server says went wrong, on one line; {@code null} if it said nothing. */
  public @Nullable String message() {
    return kept.size() == 0 ? null : ErrorBody.message(kept.toByteArray());
  }
}
