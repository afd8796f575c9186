package llmload.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import llmload.wire.Frame.Channel;
import llmload.wire.UsageTally.Field;
import llmload.wire.UsageTally.Work;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object of an OpenAI-style answer into a {@link Frame}: a chunk of a chat ({@code
 * choices[].delta}), of a completion ({@code choices[].text}), or a whole answer ({@code
 * choices[].message}).
 *
 * <p>Unknown fields, and known ones of an unexpected type, are skipped. Reasoning is {@code
 * reasoning_content}, {@code reasoning} or {@code thinking}; a server that sends several means the
 * same text.
 */
class FrameParser {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Frame frame;
  private final boolean wantText;
  private final boolean wantPlace;

  // What the delta at hand has shown so far.
  private boolean reasoned;

  /**
   * A parser into {@code frame}.
   *
   * @param wantText whether texts are needed and not only their lengths
   * @param wantPlace whether the place of a text in the bytes is needed
   */
  FrameParser(Frame frame, boolean wantText, boolean wantPlace) {
    this.frame = frame;
    this.wantText = wantText;
    this.wantPlace = wantPlace;
  }

  /**
   * Parses exactly one object.
   *
   * @throws IOException if the bytes are not one JSON object, or go beyond the limits
   */
  void parse(byte[] bytes, int from, int to) throws IOException {
    frame.clear();
    try (JsonParser p = Json.FACTORY.createParser(bytes, from, to - from)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        p.nextToken();
        topLevel(p, name);
      }
      if (p.nextToken() != null) {
        throw new IOException("more than one value");
      }
    }
  }

  /** Takes the value of one field of the object, on which {@code p} stands. */
  void topLevel(JsonParser p, String name) throws IOException {
    switch (name) {
      case "choices" -> choices(p);
      case "usage" -> usage(p);
      case "timings" -> timings(p);
      case "error" -> {
        if (p.currentToken() != JsonToken.VALUE_NULL) {
          frame.error();
        }
        p.skipChildren();
      }
      case "object" -> {
        // vLLM's older form: {"object":"error","message":"..."}
        if (p.currentToken() == JsonToken.VALUE_STRING && p.getText().equals("error")) {
          frame.error();
        }
        p.skipChildren();
      }
      default -> p.skipChildren();
    }
  }

  private void choices(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      p.skipChildren();
      return;
    }
    frame.choices();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      if (p.currentToken() == JsonToken.START_OBJECT) {
        choice(p);
      } else {
        p.skipChildren();
      }
    }
  }

  private void choice(JsonParser p) throws IOException {
    int index = 0;
    String finish = null;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      JsonToken token = p.nextToken();
      switch (name) {
        case "index" -> {
          Long value = wholeNumber(p);
          index = value == null ? 0 : (int) Math.max(0, Math.min(value, Integer.MAX_VALUE));
        }
        case "finish_reason" -> finish = token == JsonToken.VALUE_STRING ? p.getText() : finish;
        case "text" -> text(p, Channel.CONTENT);
        case "delta", "message" -> {
          if (token == JsonToken.START_OBJECT) {
            delta(p);
            continue;
          }
        }
        default -> {}
      }
      p.skipChildren();
    }
    frame.choice(index, finish);
  }

  final void delta(JsonParser p) throws IOException {
    reasoned = false;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      JsonToken token = p.nextToken();
      switch (name) {
        case "role" -> {
          if (token == JsonToken.VALUE_STRING) {
            frame.role();
          }
        }
        case "content", "refusal" -> text(p, Channel.CONTENT);
        case "reasoning_content", "reasoning", "thinking" -> {
          if (!reasoned) {
            reasoned = text(p, Channel.REASONING);
          }
        }
        case "tool_calls" -> {
          toolCalls(p);
          continue;
        }
        case "function_call" -> {
          toolCall(p);
          continue;
        }
        default -> {}
      }
      p.skipChildren();
    }
  }

  /** Whether the value is a non-empty text, which is then noted. */
  final boolean text(JsonParser p, Channel channel) throws IOException {
    if (p.currentToken() != JsonToken.VALUE_STRING || p.getTextLength() == 0) {
      return false;
    }
    int start = -1;
    int end = -1;
    if (wantPlace) {
      start = (int) p.currentTokenLocation().getByteOffset();
      end = (int) p.currentLocation().getByteOffset();
    }
    frame.piece(channel, p.getTextLength(), wantText ? p.getText() : null, start, end);
    return true;
  }

  private void toolCalls(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_ARRAY) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() != JsonToken.END_ARRAY) {
      if (p.currentToken() != JsonToken.START_OBJECT) {
        p.skipChildren();
        continue;
      }
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        boolean isFunction = p.currentName().equals("function");
        p.nextToken();
        if (isFunction) {
          toolCall(p);
        } else {
          p.skipChildren();
        }
      }
    }
  }

  /** The name and the arguments of one call, or the next part of them: one piece. */
  private void toolCall(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    int length = 0;
    StringBuilder text = new StringBuilder();
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      JsonToken token = p.nextToken();
      if (token == JsonToken.VALUE_STRING && (name.equals("name") || name.equals("arguments"))) {
        length += p.getTextLength();
        if (wantText) {
          text.append(p.getText());
        }
      } else {
        p.skipChildren();
      }
    }
    if (length > 0) {
      frame.piece(Channel.TOOL_CALL, length, wantText ? text.toString() : null, -1, -1);
    }
  }

  /** The counts at any depth: servers disagree on where the details stand. */
  private void usage(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    int depth = 1;
    while (depth > 0) {
      JsonToken token = p.nextToken();
      if (token == null) {
        throw new IOException("unexpected end");
      } else if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.FIELD_NAME) {
        usageField(p);
      }
    }
  }

  private void usageField(JsonParser p) throws IOException {
    Field field =
        switch (p.currentName()) {
          case "prompt_tokens" -> Field.INPUT;
          case "completion_tokens" -> Field.OUTPUT;
          case "cached_tokens" -> Field.CACHED;
          case "reasoning_tokens" -> Field.REASONING;
          default -> null;
        };
    if (field != null) {
      count(p, field);
      if (field == Field.OUTPUT) {
        frame.total(frame.usage().output());
      }
    }
  }

  private void timings(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      switch (p.currentName()) {
        case "prompt_n" -> count(p, Field.TIMED_PROMPT);
        case "cache_n" -> count(p, Field.TIMED_CACHED);
        case "predicted_n" -> {
          count(p, Field.TIMED_OUTPUT);
          frame.total(frame.usage().output());
        }
        case "prompt_ms" -> millis(p, Work.PREFILL);
        case "predicted_ms" -> millis(p, Work.DECODE);
        default -> {
          p.nextToken();
          p.skipChildren();
        }
      }
    }
  }

  private void millis(JsonParser p, Work work) throws IOException {
    p.nextToken();
    durationHere(p, work, NANOS_PER_MILLI);
  }

  /** Takes the value at hand as a time; what is no number says nothing. */
  final void durationHere(JsonParser p, Work work, double nanosPerUnit) throws IOException {
    if (p.currentToken().isNumeric()) {
      frame.usage().took(work, p.getDoubleValue() * nanosPerUnit);
    }
    p.skipChildren();
  }

  private void count(JsonParser p, Field field) throws IOException {
    p.nextToken();
    countHere(p, field);
  }

  /** Takes the value at hand as a count; null says nothing. */
  final void countHere(JsonParser p, Field field) throws IOException {
    if (p.currentToken() != JsonToken.VALUE_NULL) {
      frame.usage().put(field, wholeNumber(p));
      p.skipChildren();
    }
  }

  private static @Nullable Long wholeNumber(JsonParser p) throws IOException {
    if (p.currentToken() != JsonToken.VALUE_NUMBER_INT
        || p.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return null;
    }
    return p.getLongValue();
  }
}
