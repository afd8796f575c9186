package llmload.server;

import java.util.List;

/**
 * Cuts a text that comes in pieces before the first of the stop sequences.
 *
 * <p>The end of a piece that could begin a stop sequence is held back until the next piece tells.
 */
final class StopMatcher {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /** The text that can be sent now, possibly empty; empty for ever once a sequence was found. */
  String append(String text) {
    if (matched) {
      return "";
    }
    if (stops.isEmpty()) {
      return text;
    }
    held.append(text);
    int cut = firstMatch();
    if (cut >= 0) {
      matched = true;
      return take(cut);
    }
    return take(held.length() - possibleStart());
  }

  /** Whether a stop sequence was found. */
  boolean matched() {
    return matched;
  }

  /** What is held back, to be sent when the text ends without a stop sequence. */
  String rest() {
    return matched ? "" : take(held.length());
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  private int firstMatch() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  /** The length of the longest end of what is held that begins a stop sequence. */
  private int possibleStart() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
