package llmload.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import llmload.model.Flag;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import llmload.wire.Frame.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer that comes in one piece. It has no moments of tokens: when the server generated
 * them cannot be known.
 */
final class WholeReplyReader implements ReplyReader {
  private static final int[] NO_TOKENS = new int[0];
  private static final long[] NO_MOMENTS = new long[0];

  private final WholeBody shape;
  private final RequestKind kind;
  private final @Nullable HitReader hits;
  private final ReplyOptions options;
  private final ReplyMoments moments = new ReplyMoments();
  private final UsageTally usage = new UsageTally();
  private final Frame frame = new Frame(usage);
  private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
  private final GrowingBytes body = new GrowingBytes();

  private long bytesReceived;
  private boolean tooLarge;
  private String hitIds = "";
  private @Nullable String message;

  /** Reads OpenAI's form. */
  WholeReplyReader(RequestKind kind, ReplyOptions options) {
    this(WholeBody.OPENAI, kind, options, null);
  }

  /**
   * A reader that also knows search answers.
   *
   * @param hits reads them; {@code null} where none are expected
   */
  WholeReplyReader(RequestKind kind, ReplyOptions options, @Nullable HitReader hits) {
    this(WholeBody.OPENAI, kind, options, hits);
  }

  /** Reads another form. */
  WholeReplyReader(WholeBody shape, RequestKind kind, ReplyOptions options) {
    this(shape, kind, options, null);
  }

  private WholeReplyReader(
      WholeBody shape, RequestKind kind, ReplyOptions options, @Nullable HitReader hits) {
    this.shape = shape;
    this.kind = kind;
    this.hits = hits;
    this.options = options;
  }

  @Override
  public boolean acceptsContentType(@Nullable String contentType) {
    String type = MediaType.of(contentType);
    return kind == RequestKind.HEALTH
        || kind == RequestKind.OPERATION
        || type.isEmpty()
        || MediaType.isJson(type);
  }

  @Override
  public void feed(byte[] bytes, int from, int to, long atNanos) {
    if (to > from) {
      moments.byteAt(atNanos);
      bytesReceived += to - from;
    }
    if (kind == RequestKind.HEALTH || tooLarge) {
      return;
    }
    if (to - from > Json.MAX_BODY_BYTES - body.size()) {
      tooLarge = true;
      body.clear();
      return;
    }
    body.append(bytes, from, to);
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean isFailed() {
    return tooLarge;
  }

  @Override
  public boolean hasToken() {
    return false;
  }

  @Override
  public long lastTokenAtNanos() {
    return 0;
  }

  @Override
  public Reply reply(End end) {
    Outcome outcome = outcome(end);
    boolean keep = options.keepText() && outcome == Outcome.OK;
    return moments.reply(
        new ReplyMoments.Ending(outcome, message, frame.finishReason(), usage.timings()),
        NO_MOMENTS,
        new TokenSpread(NO_TOKENS, usage(outcome), flags),
        flags,
        new ReplyMoments.Body(
            keep ? (hits == null ? content() : hitIds) : "",
            keep ? textOf(Channel.REASONING) : "",
            bytesReceived));
  }

  private Outcome outcome(End end) {
    if (tooLarge) {
      message = "body: Expecting at most " + Json.MAX_BODY_BYTES + " bytes. Found: more.";
      return Outcome.PROTOCOL;
    }
    if (end == End.CUT) {
      message = "the connection closed inside the answer";
      return Outcome.PREMATURE_CLOSE;
    }
    if (end == End.ABANDONED) {
      return Outcome.INCOMPLETE;
    }
    return switch (kind) {
      case HEALTH, OPERATION -> Outcome.OK;
      case MODELS, EMBEDDINGS -> list();
      case RETRIEVAL -> search();
      default -> generation();
    };
  }

  private byte[] bytes() {
    byte[] bytes = Arrays.copyOf(body.array(), body.size());
    if (Utf8.isValid(bytes, 0, bytes.length)) {
      return bytes;
    }
    flags.add(Flag.BAD_UTF8);
    return new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
  }

  private Outcome generation() {
    byte[] bytes = bytes();
    if (isBlank(bytes)) {
      message = "the body is empty";
      return Outcome.EMPTY;
    }
    try {
      shape.read(kind, bytes, frame);
    } catch (IOException | RuntimeException e) {
      // A parser's own bug on hostile bytes is the bytes' fault too: a reader never throws.
      return protocol("one JSON object", bytes);
    }
    if (frame.hasError()) {
      message = ErrorBody.message(bytes);
      return Outcome.STREAM_ERROR;
    }
    if (!frame.hasChoices()) {
      return protocol("an object with " + shape.answerKey(kind), bytes);
    }
    if (frame.pieceCount() == 0) {
      message = "the answer holds no generated token";
      return Outcome.EMPTY;
    }
    return Outcome.OK;
  }

  private Outcome list() {
    byte[] bytes = bytes();
    if (isBlank(bytes)) {
      message = "the body is empty";
      return Outcome.EMPTY;
    }
    try {
      JsonNode root = Json.MAPPER.readTree(bytes);
      if (!root.path(shape.listKey()).isArray()) {
        return root.hasNonNull("error")
            ? reported(bytes)
            : protocol("an object with " + shape.listKey(), bytes);
      }
      JsonNode prompt = root.path("usage").path("prompt_tokens");
      if (prompt.isNumber()) {
        usage.put(
            UsageTally.Field.INPUT, prompt.isIntegralNumber() ? prompt.longValue() : (Long) null);
      }
      return Outcome.OK;
    } catch (IOException | RuntimeException e) {
      // A parser's own bug on hostile bytes is the bytes' fault too: a reader never throws.
      return protocol("one JSON object", bytes);
    }
  }

  private Outcome search() {
    byte[] bytes = bytes();
    if (isBlank(bytes)) {
      message = "the body is empty";
      return Outcome.EMPTY;
    }
    try {
      JsonNode root = Json.MAPPER.readTree(bytes);
      List<String> ids = hits == null ? null : hits.ids(root);
      if (hits == null || ids == null) {
        return root.hasNonNull("error") ? reported(bytes) : protocol("an object with hits", bytes);
      }
      String partial = hits.partial(root);
      if (partial != null) {
        message = partial;
        return Outcome.STREAM_ERROR;
      }
      hitIds = String.join("\n", ids);
      return Outcome.OK;
    } catch (IOException | RuntimeException e) {
      // A parser's own bug on hostile bytes is the bytes' fault too: a reader never throws.
      return protocol("one JSON object", bytes);
    }
  }

  private Outcome reported(byte[] bytes) {
    message = ErrorBody.message(bytes);
    return Outcome.STREAM_ERROR;
  }

  private Outcome protocol(String expected, byte[] bytes) {
    int length = Math.min(bytes.length, ErrorBody.MAX_CHARS);
    String found = new String(bytes, 0, length, StandardCharsets.UTF_8);
    message = ErrorBody.oneLine("body: Expecting " + expected + ". Found: " + found);
    return Outcome.PROTOCOL;
  }

  private TokenUsage usage(Outcome outcome) {
    if (usage.isInvalid()) {
      flags.add(Flag.USAGE_INVALID);
    }
    Integer output = usage.output();
    TokenCountSource source = output == null ? null : TokenCountSource.USAGE;
    if (outcome == Outcome.OK && kind.isGeneration()) {
      TokenCounter counter = options.tokenCounter();
      if (output == null) {
        flags.add(Flag.USAGE_MISSING);
      }
      if (counter != null) {
        int counted = count(counter);
        if (output == null) {
          flags.remove(Flag.USAGE_MISSING);
          source = TokenCountSource.TOKENIZER;
          output = counted;
        } else if (isContradicted(output, counted)) {
          flags.add(Flag.USAGE_CONTRADICTION);
        }
      }
    }
    return new TokenUsage(usage.input(), output, usage.cached(), usage.reasoning(), source);
  }

  private int count(TokenCounter counter) {
    int sum = 0;
    for (Channel channel : Channel.values()) {
      String text = frame.text(channel);
      sum += text == null ? 0 : counter.count(text);
    }
    return sum;
  }

  private boolean isContradicted(int output, int counted) {
    boolean hasReasoning = frame.chars(Channel.REASONING) > 0;
    int sent = output - TokenSpread.hidden(usage, hasReasoning, output);
    return TokenSpread.contradicts(sent, counted, true);
  }

  private String textOf(Channel channel) {
    String text = frame.text(channel);
    return text == null ? "" : text;
  }

  /** The answer's text; an operation's is its whole body. */
  private String content() {
    return kind == RequestKind.OPERATION
        ? new String(bytes(), StandardCharsets.UTF_8)
        : textOf(Channel.CONTENT);
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }
}
