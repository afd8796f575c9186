package llmload.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.wire.Frame.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed answer: {@code text/event-stream}, or newline-delimited JSON.
 *
 * <p>An event is {@code [DONE]}, {@code [ERROR]}, an error object, or a chunk with {@code choices},
 * {@code usage} or {@code timings}; blank data and events of type {@code ping} are keep-alives;
 * anything else breaks the protocol. The end marks count as soon as their bytes are complete, since
 * servers send them without a line end and keep the connection open.
 */
final class StreamReplyReader implements ReplyReader, EventSink {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "[ERROR]".getBytes(StandardCharsets.US_ASCII);

  private final ReplyOptions options;
  private final ReplyMoments moments = new ReplyMoments();
  private final ChunkLog log = new ChunkLog();
  private final UsageTally usage = new UsageTally();
  private final Frame frame = new Frame(usage);
  private final FrameParser parser;
  private final @Nullable FrameTemplate template;
  private final SseDecoder sse;
  private final @Nullable TextBuffer text;
  private final @Nullable TextBuffer reasoning;
  private final @Nullable ChunkText chunkText;
  private final Set<Flag> flags = EnumSet.noneOf(Flag.class);

  private @Nullable NdjsonDecoder ndjson;
  private Channel templateChannel = Channel.CONTENT;
  private long now;
  private long bytesReceived;
  private long eventCount;
  private boolean terminated;
  private boolean endMarkOpen;
  private @Nullable Outcome failure;
  private @Nullable String message;
  private long seenChoices;
  private long finishedChoices;
  private @Nullable String finishReason;

  /** A reader that takes the fast path where it can. */
  StreamReplyReader(ReplyOptions options) {
    this(options, true);
  }

  /** A reader that parses every frame unless {@code fastPath}; both ways give the same reply. */
  StreamReplyReader(ReplyOptions options, boolean fastPath) {
    this(options, fastPath, FrameForm.OPENAI);
  }

  /** The same for another form of frames. */
  StreamReplyReader(ReplyOptions options, boolean fastPath, FrameForm form) {
    this.options = options;
    boolean wantText = options.keepText() || options.tokenCounter() != null;
    parser = form.parser(frame, wantText, fastPath);
    template = fastPath ? new FrameTemplate(options.maxEventBytes()) : null;
    sse = new SseDecoder(this, options.maxEventBytes(), template);
    text = options.keepText() ? new TextBuffer() : null;
    reasoning = options.keepText() ? new TextBuffer() : null;
    chunkText = options.tokenCounter() == null ? null : new ChunkText();
  }

  @Override
  public boolean acceptsContentType(@Nullable String contentType) {
    String type = MediaType.of(contentType);
    if (MediaType.isNdjson(type)) {
      ndjson = new NdjsonDecoder(this, options.maxEventBytes());
      return true;
    }
    return type.isEmpty() || MediaType.isEventStream(type);
  }

  @Override
  public void feed(byte[] bytes, int from, int to, long atNanos) {
    now = atNanos;
    if (to > from) {
      moments.byteAt(atNanos);
      bytesReceived += to - from;
    }
    if (isClosed()) {
      return;
    }
    if (ndjson != null) {
      ndjson.feed(bytes, from, to);
      return;
    }
    sse.feed(bytes, from, to);
    if (!terminated && failure == null) {
      if (sse.isOpenEvent(DONE)) {
        endMarkOpen = true;
        terminate();
      } else if (sse.isOpenEvent(ERROR)) {
        fail(Outcome.STREAM_ERROR, "[ERROR]");
      }
    }
  }

  @Override
  public boolean isTerminated() {
    return terminated;
  }

  @Override
  public boolean isFailed() {
    return failure != null;
  }

  @Override
  public boolean isClosed() {
    return failure != null;
  }

  @Override
  public boolean hasToken() {
    return log.size() > 0;
  }

  @Override
  public long lastTokenAtNanos() {
    return moments.lastTokenAtNanos();
  }

  @Override
  public void repeated(byte[] bytes, int from, int to, int chars) {
    if (terminated) {
      flags.add(Flag.EVENTS_AFTER_DONE);
      return;
    }
    if (log.isFull()) {
      failFull();
      return;
    }
    eventCount++;
    moments.tokenAt(now);
    log.add(now, chars);
    TextBuffer kept = templateChannel == Channel.CONTENT ? text : reasoning;
    if (kept != null) {
      kept.append(bytes, from, to);
    }
    if (chunkText != null) {
      chunkText.append(bytes, from, to);
      chunkText.endChunk();
    }
  }

  @Override
  public void event(String type, byte[] bytes, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && isBlank(bytes[start])) {
      start++;
    }
    while (start < end && isBlank(bytes[end - 1])) {
      end--;
    }
    if (start == end || type.equals("ping")) {
      return;
    }
    if (terminated) {
      afterEnd(bytes, start, end);
      return;
    }
    if (template != null && type.isEmpty() && template.matchData(bytes, from, to)) {
      repeated(bytes, template.textFrom(), template.textTo(), template.textChars());
      return;
    }
    eventCount++;
    moments.eventAt(now);
    if (is(bytes, start, end, DONE)) {
      terminate();
    } else if (is(bytes, start, end, ERROR)) {
      fail(Outcome.STREAM_ERROR, "[ERROR]");
    } else if (type.equals("error")) {
      fail(Outcome.STREAM_ERROR, ErrorBody.message(Arrays.copyOfRange(bytes, start, end)));
    } else if (bytes[start] == '{') {
      object(bytes, from, to);
    } else {
      failUnknown("a JSON object or [DONE]", bytes, start, end);
    }
  }

  @Override
  public void tooLarge() {
    String limit = "Expecting at most " + options.maxEventBytes() + " bytes.";
    fail(Outcome.PROTOCOL, "event " + (eventCount + 1) + ": " + limit + " Found: more.");
  }

  private void afterEnd(byte[] bytes, int from, int to) {
    // The rest of the line of an end mark that counted before its line end came.
    boolean same = endMarkOpen && is(bytes, from, to, DONE);
    endMarkOpen = false;
    if (!same) {
      flags.add(Flag.EVENTS_AFTER_DONE);
    }
  }

  private void object(byte[] bytes, int from, int to) {
    if (Utf8.isValid(bytes, from, to)) {
      if (parse(bytes, from, to) && frame.isPlain() && template != null) {
        learn(template, bytes, from, to);
      }
      return;
    }
    flags.add(Flag.BAD_UTF8);
    byte[] repaired =
        new String(bytes, from, to - from, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    parse(repaired, 0, repaired.length);
  }

  private void learn(FrameTemplate known, byte[] bytes, int from, int to) {
    int open = from + frame.textStart();
    int close = from + frame.textEnd() - 1;
    if (open < close && close < to) {
      templateChannel = frame.chars(Channel.CONTENT) > 0 ? Channel.CONTENT : Channel.REASONING;
      known.learn(bytes, from, open, close, to);
    }
  }

  private boolean parse(byte[] bytes, int from, int to) {
    try {
      parser.parse(bytes, from, to);
    } catch (IOException | RuntimeException e) {
      // A parser's own bug on hostile bytes is the bytes' fault too: a reader never throws.
      failUnknown("one JSON object", bytes, from, to);
      return false;
    }
    if (frame.hasError()) {
      fail(Outcome.STREAM_ERROR, ErrorBody.message(Arrays.copyOfRange(bytes, from, to)));
    } else if (!frame.hasChoices() && frame.total() == null && !usage.hasBegun()) {
      failUnknown("an object with choices, usage or error", bytes, from, to);
    } else if (frame.pieceCount() > 0 && log.isFull()) {
      failFull();
    } else {
      take();
      return true;
    }
    return false;
  }

  private void take() {
    takeTokens();
    if (frame.isDone()) {
      terminate();
    }
  }

  private void takeTokens() {
    if (frame.hasRole()) {
      moments.roleAt(now);
    }
    if (frame.finishRepeated() || (finishedChoices & frame.finishedChoices()) != 0) {
      flags.add(Flag.FINISH_REPEATED);
    }
    seenChoices |= frame.seenChoices();
    finishedChoices |= frame.finishedChoices();
    finishReason = finishReason == null ? frame.finishReason() : finishReason;
    if (frame.pieceCount() == 0) {
      return;
    }
    moments.tokenAt(now, frame);
    log.add(now, frame.chars(), frame.pieceCount(), frame.total());
    keep(text, Channel.CONTENT);
    keep(reasoning, Channel.REASONING);
    if (chunkText != null) {
      for (Channel channel : Channel.values()) {
        chunkText.append(frame.text(channel));
      }
      chunkText.endChunk();
    }
  }

  private void keep(@Nullable TextBuffer buffer, Channel channel) {
    String piece = frame.text(channel);
    if (buffer != null && piece != null) {
      buffer.append(piece);
    }
  }

  private void terminate() {
    terminated = true;
    moments.eventAt(now);
    moments.endMarkAt(now);
  }

  private void failUnknown(String expected, byte[] bytes, int from, int to) {
    int length = Math.min(to - from, ErrorBody.MAX_CHARS);
    String found = new String(bytes, from, length, StandardCharsets.UTF_8);
    fail(
        Outcome.PROTOCOL,
        ErrorBody.oneLine("event " + eventCount + ": Expecting " + expected + ". Found: " + found));
  }

  private void failFull() {
    fail(
        Outcome.PROTOCOL,
        "stream: Expecting at most " + ChunkLog.CAP_CHUNKS + " chunks. Found: more.");
  }

  private void fail(Outcome outcome, String why) {
    failure = outcome;
    message = why;
  }

  @Override
  public Reply reply(End end) {
    if (ndjson != null && end == End.CLEAN) {
      ndjson.finish();
    }
    boolean complete = isComplete(end);
    TokenCounter counter = options.tokenCounter();
    int[] counted = chunkText == null || counter == null ? null : chunkText.count(counter);
    boolean hasReasoning = moments.hasReasoning();
    TokenSpread spread = TokenSpread.of(log, usage, counted, hasReasoning, finishReason);
    flags.addAll(spread.flags());
    if (!complete) {
      flags.remove(Flag.USAGE_MISSING);
    } else if (!terminated) {
      flags.add(Flag.NO_DONE);
    }
    return moments.reply(
        new ReplyMoments.Ending(
            outcome(end, complete),
            message == null ? reason(end, complete) : message,
            finishReason,
            usage.timings()),
        log.atNanos(),
        spread,
        flags,
        new ReplyMoments.Body(
            text == null ? "" : text.text(),
            reasoning == null ? "" : reasoning.text(),
            bytesReceived));
  }

  /** The end mark came, or every choice finished before a clean end. */
  private boolean isComplete(End end) {
    boolean finished = finishedChoices != 0 && finishedChoices == seenChoices;
    return failure == null && (terminated || (end == End.CLEAN && finished));
  }

  private Outcome outcome(End end, boolean complete) {
    if (failure != null) {
      return failure;
    }
    if (complete) {
      return hasToken() ? Outcome.OK : Outcome.EMPTY;
    }
    return switch (end) {
      case CLEAN -> Outcome.NO_TERMINATOR;
      case CUT -> Outcome.PREMATURE_CLOSE;
      case ABANDONED -> Outcome.INCOMPLETE;
    };
  }

  private @Nullable String reason(End end, boolean complete) {
    if (complete) {
      return hasToken() ? null : "the answer holds no generated token";
    }
    return switch (end) {
      case CLEAN -> "the body ended with neither [DONE] nor a finish reason";
      case CUT -> "the connection closed inside the answer";
      case ABANDONED -> null;
    };
  }

  private static boolean is(byte[] bytes, int from, int to, byte[] word) {
    return Arrays.equals(bytes, from, to, word, 0, word.length);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
