package llmload.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a {@code text/event-stream} body into events, as the WHATWG HTML standard says (section
 * 9.2.6, "Interpreting an event stream"), on bytes.
 *
 * <p>One leading byte order mark is skipped. A line ends at CR, LF or CRLF and at nothing else, so
 * that U+2028 and the like stay in the text. The {@code data} lines of an event are joined by LF; a
 * blank line ends the event; an event without a {@code data} line is none. {@code id} and {@code
 * retry} are read by nobody, since a load test never reconnects. The input may be cut anywhere: the
 * events are the same.
 *
 * <p>Sources: WHATWG HTML, section 9.2; the byte order mark by its decoding rule.
 */
final class SseDecoder {
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
  private static final byte[] LINE_FEED = {'\n'};
  private static final int ELSEWHERE = -1;

  private final EventSink sink;
  private final int maxEventBytes;
  private final @Nullable FrameTemplate template;

  /** The begun line, where it started in an earlier feed. */
  private final GrowingBytes line = new GrowingBytes();

  /** The data of the begun event, where it is more than one line or from an earlier feed. */
  private final GrowingBytes joined = new GrowingBytes();

  private int bomSeen;
  private boolean skipLineFeed;
  private boolean atEventStart = true;
  private String type = "";
  private boolean hasData;
  private boolean isJoined;

  /** The data of the begun event, where it is one line of the bytes fed now. */
  private int dataFrom;

  private int dataTo;

  /** Where the begun event starts in the bytes fed now. */
  private int frameFrom = ELSEWHERE;

  /** A decoder that hands repetitions of {@code template}, where there is one, to the sink. */
  SseDecoder(EventSink sink, int maxEventBytes, @Nullable FrameTemplate template) {
    this.sink = sink;
    this.maxEventBytes = maxEventBytes;
    this.template = template;
  }

  /** Takes the next bytes; they are not kept after the call. */
  void feed(byte[] bytes, int from, int to) {
    int at = bomSeen < BOM.length ? skipBom(bytes, from, to) : from;
    frameFrom = ELSEWHERE;
    while (at < to && !sink.isClosed()) {
      if (skipLineFeed) {
        skipLineFeed = false;
        if (bytes[at] == '\n') {
          at++;
          continue;
        }
      }
      if (atEventStart && line.isEmpty()) {
        int end = repetition(bytes, at, to);
        if (end > at) {
          at = end;
          continue;
        }
        frameFrom = at;
      }
      at = line(bytes, at, to);
    }
    if (hasData && !isJoined) {
      join(bytes, dataFrom, dataTo);
    }
  }

  /**
   * Whether the event that has begun is so far exactly one {@code data} line of that value, its
   * line end come or not. Servers send their end mark without one.
   */
  boolean isOpenEvent(byte[] value) {
    if (hasData) {
      return line.isEmpty()
          && Arrays.equals(joined.array(), 0, joined.size(), value, 0, value.length);
    }
    if (line.size() <= DATA.length || valueFrom(line.array(), 0, line.size(), DATA) < 0) {
      return false;
    }
    int start = valueFrom(line.array(), 0, line.size(), DATA);
    return Arrays.equals(line.array(), start, line.size(), value, 0, value.length);
  }

  private int skipBom(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bomSeen < BOM.length) {
      if (bytes[at] != BOM[bomSeen]) {
        line.append(BOM, 0, bomSeen);
        bomSeen = BOM.length;
      } else {
        bomSeen++;
        at++;
      }
    }
    return at;
  }

  private int repetition(byte[] bytes, int at, int to) {
    if (template == null) {
      return ELSEWHERE;
    }
    int end = template.match(bytes, at, to);
    if (end > at) {
      skipLineFeed = bytes[end - 1] == '\r';
      sink.repeated(bytes, template.textFrom(), template.textTo(), template.textChars());
    }
    return end;
  }

  /** Reads one line, or the part of it that is here, and returns where the next one starts. */
  private int line(byte[] bytes, int from, int to) {
    int end = LineEnds.find(bytes, from, to);
    if (end - from > maxEventBytes - line.size()) {
      sink.tooLarge();
      return to;
    }
    if (end == to) {
      line.append(bytes, from, to);
      return to;
    }
    int next = end + 1;
    if (bytes[end] == '\r') {
      if (next == to) {
        skipLineFeed = true;
      } else if (bytes[next] == '\n') {
        next++;
      }
    }
    if (line.isEmpty()) {
      wholeLine(bytes, from, end, next);
    } else {
      line.append(bytes, from, end);
      wholeLine(line.array(), 0, line.size(), ELSEWHERE);
      line.clear();
    }
    return next;
  }

  /**
   * Acts on one line.
   *
   * @param next where the next one starts, if the line stands in the bytes fed now
   */
  private void wholeLine(byte[] bytes, int from, int to, int next) {
    if (from == to) {
      endEvent(bytes, next);
      return;
    }
    atEventStart = false;
    int start = valueFrom(bytes, from, to, DATA);
    if (start >= 0) {
      dataLine(bytes, start, to, next);
      return;
    }
    start = valueFrom(bytes, from, to, EVENT);
    if (start >= 0) {
      type = new String(bytes, start, to - start, StandardCharsets.UTF_8);
    }
  }

  private void dataLine(byte[] bytes, int from, int to, int next) {
    if (!hasData && next != ELSEWHERE) {
      dataFrom = from;
      dataTo = to;
      hasData = true;
      return;
    }
    if (hasData && !isJoined) {
      // Joining is only ever asked for a line of the same feed: the end of a feed joins it too.
      join(bytes, dataFrom, dataTo);
    }
    if (hasData) {
      joined.append(LINE_FEED, 0, 1);
    }
    if (to - from > maxEventBytes - joined.size()) {
      sink.tooLarge();
      return;
    }
    join(bytes, from, to);
    hasData = true;
  }

  private void join(byte[] bytes, int from, int to) {
    joined.append(bytes, from, to);
    isJoined = true;
  }

  private void endEvent(byte[] bytes, int next) {
    if (hasData) {
      String eventType = type;
      boolean oneLine = !isJoined;
      hasData = false;
      if (template != null) {
        template.nextEvent();
      }
      if (oneLine) {
        sink.event(eventType, bytes, dataFrom, dataTo);
        if (template != null && frameFrom != ELSEWHERE && template.wantsFrame()) {
          template.learnFrame(bytes, frameFrom, dataFrom, dataTo, next);
        }
      } else {
        sink.event(eventType, joined.array(), 0, joined.size());
      }
    }
    joined.clear();
    isJoined = false;
    type = "";
    atEventStart = true;
    frameFrom = ELSEWHERE;
  }

  /**
   * Where the value of a line starts if its field has that name; -1 if not. The name ends at the
   * first colon, one space after it is dropped; a line without a colon is a name with an empty
   * value.
   */
  private static int valueFrom(byte[] bytes, int from, int to, byte[] name) {
    int end = from + name.length;
    if (end > to || !Arrays.equals(bytes, from, end, name, 0, name.length)) {
      return ELSEWHERE;
    }
    if (end == to) {
      return to;
    }
    if (bytes[end] != ':') {
      return ELSEWHERE;
    }
    return end + 1 < to && bytes[end + 1] == ' ' ? end + 2 : end + 1;
  }
}
