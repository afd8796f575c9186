package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected events follow the text of WHATWG HTML section 9.2.6 and its examples. */
class SseDecoderTest {
  private static final int LIMIT = 1 << 16;

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void lineEnd_eachKind_endsLinesAndEvents(String end) {
    assertThat(events("data: a" + end + "data: b" + end + end + "data: c" + end + end))
        .containsExactly("a\nb", "c");
  }

  @Test
  void lineEnd_mixedKinds_areEachOneEnd() {
    assertThat(events("data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\n"))
        .containsExactly("a\nb\nc", "d");
  }

  @Test
  void lineEnd_unicodeSeparators_stayInTheText() {
    assertThat(events("data: a\u2028b\u2029c\u0085d\u000Be\n\n"))
        .containsExactly("a\u2028b\u2029c\u0085d\u000Be");
  }

  @Test
  void data_examplesOfTheStandard_dispatchAsItSays() {
    // "fires two events. The first block fires events with the data set to the empty string, as
    // would the last block if it was followed by a blank line. The middle block fires an event with
    // the data set to a single newline character."
    assertThat(events("data\n\ndata\ndata\n\ndata:")).containsExactly("", "\n");
    assertThat(events("data: YHOO\ndata: +2\ndata: 10\n\n")).containsExactly("YHOO\n+2\n10");
    // "the space after the colon is ignored if present"
    assertThat(events("data:test\n\ndata: test\n\n")).containsExactly("test", "test");
    assertThat(events("data:  two\n\n")).containsExactly(" two");
  }

  @Test
  void field_notData_isIgnored() {
    assertThat(
            events(
                ": comment\n\nfoo: bar\nretry: abc\nid: a\0b\nid\ndataset: x\ndat: y\n:\ndata: z\n\n"))
        .containsExactly("z");
  }

  @Test
  void event_withoutData_isNone() {
    assertThat(events("event: ping\n\n: hello\n\n\n\ndata: x\n\n")).containsExactly("x");
  }

  @Test
  void event_type_holdsForOneEventOnly() {
    assertThat(events("event: error\ndata: a\n\ndata: b\n\n")).containsExactly("error|a", "b");
    assertThat(events("event: lost\n\ndata: b\n\n")).containsExactly("b");
  }

  @Test
  void event_withoutItsBlankLine_isDiscarded() {
    assertThat(events("data: a\n\ndata: b\n")).containsExactly("a");
    assertThat(events("data: a\n\ndata: b")).containsExactly("a");
  }

  @Test
  void byteOrderMark_onlyALeadingOne_isSkipped() {
    assertThat(events("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly("a");
    assertThat(events("\uFEFF\uFEFFdata: a\n\ndata: b\n\n")).containsExactly("b");
    // U+FEFE shares the mark's first two bytes.
    assertThat(events("\uFEBEdata: a\n\ndata: b\n\n")).containsExactly("b");
  }

  @Test
  void anySplit_anyInput_sameEvents() {
    Random random = new Random(7);
    String[] words = {
      "data",
      ":",
      " ",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "x",
      "é",
      "\uFEFF",
      "event",
      "id: 3\n",
      "data: y\n\n"
    };
    for (int round = 0; round < 3_000; round++) {
      StringBuilder input = new StringBuilder();
      for (int i = random.nextInt(24); i >= 0; i--) {
        input.append(words[random.nextInt(words.length)]);
      }
      byte[] bytes = input.toString().getBytes(UTF_8);
      List<String> whole = feed(bytes, bytes.length + 1, random);
      assertThat(feed(bytes, 1, random)).as(input.toString()).isEqualTo(whole);
      assertThat(feed(bytes, 4, random)).as(input.toString()).isEqualTo(whole);
      assertThat(byTheBook(input.toString())).as(input.toString()).isEqualTo(whole);
    }
  }

  @Test
  void limit_lineOneByteLonger_isTooLarge() {
    Recorder sink = new Recorder();
    SseDecoder decoder = new SseDecoder(sink, 8, null);

    byte[] fits = "data: ab\n\n".getBytes(UTF_8);
    decoder.feed(fits, 0, fits.length);
    assertThat(sink.events).containsExactly("ab");
    byte[] beyond = "data: abc".getBytes(UTF_8);
    for (int i = 0; i < beyond.length; i++) {
      decoder.feed(beyond, i, i + 1);
    }
    assertThat(sink.tooLarge).isTrue();
  }

  @Test
  void limit_manyShortLinesOfOneEvent_isTooLarge() {
    Recorder sink = new Recorder();
    SseDecoder decoder = new SseDecoder(sink, 8, null);
    byte[] line = "data:\n".getBytes(UTF_8);

    // n lines join to n - 1 line feeds: nine lines make eight bytes, ten make nine.
    for (int i = 0; i < 9; i++) {
      decoder.feed(line, 0, line.length);
    }
    assertThat(sink.tooLarge).isFalse();
    decoder.feed(line, 0, line.length);
    assertThat(sink.tooLarge).isTrue();
  }

  @Test
  void openEvent_isExactlyTheWord_withOrWithoutLineEnd() {
    for (String body : new String[] {"data: [X]", "data:[X]", "data: [X]\n", "\n\ndata: [X]\r"}) {
      assertThat(isOpen(body)).as(body).isTrue();
    }
    for (String body :
        new String[] {
          "data: [X", "data: [X]]", "dat: [X]", "[X]", "data: a\ndata: [X]", "data: [X]\n\n"
        }) {
      assertThat(isOpen(body)).as(body).isFalse();
    }
  }

  private static boolean isOpen(String body) {
    SseDecoder decoder = new SseDecoder(new Recorder(), LIMIT, null);
    byte[] bytes = body.getBytes(UTF_8);
    decoder.feed(bytes, 0, bytes.length);
    return decoder.isOpenEvent("[X]".getBytes(UTF_8));
  }

  /** The standard's algorithm on decoded text, line by line: the oracle. */
  private static List<String> byTheBook(String input) {
    String stream = input.startsWith("\uFEFF") ? input.substring(1) : input;
    List<String> events = new ArrayList<>();
    StringBuilder data = new StringBuilder();
    String type = "";
    String[] lines = stream.split("\r\n|\r|\n", -1);
    for (int i = 0; i < lines.length - 1; i++) {
      String line = lines[i];
      int colon = line.indexOf(':');
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          data.setLength(data.length() - 1);
          events.add(type.isEmpty() ? data.toString() : type + "|" + data);
        }
        data.setLength(0);
        type = "";
        continue;
      }
      String name = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      if (name.equals("data")) {
        data.append(value).append('\n');
      } else if (name.equals("event")) {
        type = value;
      }
    }
    return events;
  }

  private static List<String> events(String stream) {
    byte[] bytes = stream.getBytes(UTF_8);
    List<String> whole = feed(bytes, bytes.length + 1, new Random(1));
    assertThat(feed(bytes, 1, new Random(1))).isEqualTo(whole);
    return whole;
  }

  /** Feeds pieces of up to {@code most} bytes, each from an array of its own. */
  private static List<String> feed(byte[] bytes, int most, Random random) {
    Recorder sink = new Recorder();
    SseDecoder decoder = new SseDecoder(sink, LIMIT, null);
    int at = 0;
    while (at < bytes.length) {
      int end =
          Math.min(
              bytes.length, most > bytes.length ? bytes.length : at + 1 + random.nextInt(most));
      byte[] piece = java.util.Arrays.copyOfRange(bytes, at, end);
      decoder.feed(piece, 0, piece.length);
      java.util.Arrays.fill(piece, (byte) '#');
      at = end;
    }
    return sink.events;
  }

  private static final class Recorder implements EventSink {
    private final List<String> events = new ArrayList<>();
    private boolean tooLarge;

    @Override
    public void event(String type, byte[] bytes, int from, int to) {
      String data = new String(bytes, from, to - from, UTF_8);
      events.add(type.isEmpty() ? data : type + "|" + data);
    }

    @Override
    public void repeated(byte[] bytes, int from, int to, int chars) {
      throw new AssertionError("no template");
    }

    @Override
    public void tooLarge() {
      tooLarge = true;
    }

    @Override
    public boolean isClosed() {
      return tooLarge;
    }
  }
}
