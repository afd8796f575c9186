package llmload.journal;

import java.io.IOException;

/** A line of another version of the layout: not broken, and not to be guessed at. */
final class ForeignVersionException extends IOException {
  private static final long serialVersionUID = 1L;

  ForeignVersionException(String found) {
    super(found);
  }
}
