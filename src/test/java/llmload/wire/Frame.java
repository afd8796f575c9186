package llmload.wire;

import org.jspecify.annotations.Nullable;

/** What one JSON object of an answer says: an event of a stream, or a whole body. Reused. */
final class Frame {
  /** The channels that generated text arrives in. */
  enum Channel {
    CONTENT(0),
    REASONING(1),
    TOOL_CALL(2);

    private final int slot;

    Channel(int slot) {
      this.slot = slot;
    }
  }

  private static final int CHANNELS = Channel.values().length;

  /** Choices beyond are taken for the last one: a mask of finished ones must fit a word. */
  private static final int LAST_INDEX = 62;

  private final int[] chars = new int[CHANNELS];
  private final @Nullable String[] texts = new @Nullable String[CHANNELS];
  private final UsageTally usage;

  private boolean hasChoices;
  private boolean hasError;
  private boolean hasRole;
  private int choiceCount;
  private int pieceCount;
  private long seenChoices;
  private long finishedChoices;
  private boolean finishRepeated;
  private boolean isDone;
  private @Nullable String finishReason;
  private @Nullable Integer total;
  private int textStart;
  private int textEnd;

  Frame(UsageTally usage) {
    this.usage = usage;
  }

  void clear() {
    for (int i = 0; i < CHANNELS; i++) {
      chars[i] = 0;
      texts[i] = null;
    }
    hasChoices = false;
    hasError = false;
    hasRole = false;
    choiceCount = 0;
    pieceCount = 0;
    seenChoices = 0;
    finishedChoices = 0;
    finishRepeated = false;
    isDone = false;
    finishReason = null;
    total = null;
    textStart = -1;
    textEnd = -1;
    usage.begin();
  }

  void choices() {
    hasChoices = true;
  }

  void error() {
    hasError = true;
  }

  void role() {
    hasRole = true;
  }

  /** It says that it is the last one. */
  void done() {
    isDone = true;
  }

  /** A choice has been read to its end. */
  void choice(int index, @Nullable String finish) {
    long bit = 1L << Math.max(0, Math.min(index, LAST_INDEX));
    choiceCount++;
    seenChoices |= bit;
    if (finish != null) {
      finishRepeated |= (finishedChoices & bit) != 0;
      finishedChoices |= bit;
      finishReason = finishReason == null ? finish : finishReason;
    }
  }

  /** A non-empty text, with its place in the bytes where it stands in quotes there. */
  void piece(Channel channel, int length, @Nullable String text, int start, int end) {
    int i = channel.slot;
    chars[i] += length;
    if (text != null) {
      String before = texts[i];
      texts[i] = before == null ? text : before + text;
    }
    pieceCount++;
    textStart = start;
    textEnd = end;
  }

  /** A running or final count of generated tokens. */
  void total(@Nullable Integer tokens) {
    total = tokens == null ? total : tokens;
  }

  UsageTally usage() {
    return usage;
  }

  boolean hasChoices() {
    return hasChoices;
  }

  boolean hasError() {
    return hasError;
  }

  boolean isDone() {
    return isDone;
  }

  boolean hasRole() {
    return hasRole;
  }

  long seenChoices() {
    return seenChoices;
  }

  long finishedChoices() {
    return finishedChoices;
  }

  boolean finishRepeated() {
    return finishRepeated;
  }

  @Nullable String finishReason() {
    return finishReason;
  }

  @Nullable Integer total() {
    return total;
  }

  int pieceCount() {
    return pieceCount;
  }

  /** The length of what came in a channel, in UTF-16 units. */
  int chars(Channel channel) {
    return chars[channel.slot];
  }

  int chars() {
    int sum = 0;
    for (int n : chars) {
      sum += n;
    }
    return sum;
  }

  /** What came in a channel; {@code null} if nothing, or if texts are not wanted. */
  @Nullable String text(Channel channel) {
    return texts[channel.slot];
  }

  /** The index of the quote before the last text; -1 where it is not known. */
  int textStart() {
    return textStart;
  }

  /** The index after the quote that ends the last text. */
  int textEnd() {
    return textEnd;
  }

  /** Whether this is one choice with one text of one channel and nothing else that matters. */
  boolean isPlain() {
    return choiceCount == 1
        && pieceCount == 1
        && textStart >= 0
        && finishedChoices == 0
        && !usage.hasBegun()
        && (chars(Channel.CONTENT) > 0 || chars(Channel.REASONING) > 0);
  }
}
