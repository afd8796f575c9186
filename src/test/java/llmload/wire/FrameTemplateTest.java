package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTemplateTest {
  private static final String LEAD = "id: 7\ndata: ";
  private static final String BEFORE = "{\"t\":\"";
  private static final String AFTER = "\",\"n\":null}";
  private static final String TAIL = "\r\n\r\n";

  @Test
  void frame_otherText_matchesToItsEnd() {
    FrameTemplate template = learnt();
    byte[] frame = bytes("zz" + LEAD + BEFORE + " the日" + AFTER + TAIL + "data");

    assertThat(template.match(frame, 2, frame.length)).isEqualTo(frame.length - 4);
    assertThat(new String(frame, template.textFrom(), 7, UTF_8)).isEqualTo(" the日");
    assertThat(template.textTo() - template.textFrom()).isEqualTo(7);
    assertThat(template.textChars()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\\n", "a\"", "\\\"", "a\u0001", "\n", "\",\"x\":\""})
  void frame_textThatNeedsAParser_doesNotMatch(String text) {
    byte[] frame = bytes(LEAD + BEFORE + text + AFTER + TAIL);

    assertThat(learnt().match(frame, 0, frame.length)).isEqualTo(-1);
    byte[] data = bytes(BEFORE + text + AFTER);
    assertThat(learnt().matchData(data, 0, data.length)).isFalse();
  }

  @Test
  void frame_badUtf8_doesNotMatch() {
    byte[] frame = bytes(LEAD + BEFORE + "?" + AFTER + TAIL);
    frame[LEAD.length() + BEFORE.length()] = (byte) 0xC3;

    assertThat(learnt().match(frame, 0, frame.length)).isEqualTo(-1);
  }

  @Test
  void frame_cutAnywhere_doesNotMatch() {
    byte[] frame = bytes(LEAD + BEFORE + "ab" + AFTER + TAIL);
    FrameTemplate template = learnt();

    for (int end = 0; end < frame.length; end++) {
      assertThat(template.match(frame, 0, end)).isEqualTo(-1);
    }
    assertThat(template.match(frame, 0, frame.length)).isEqualTo(frame.length);
  }

  @Test
  void frame_anyByteAroundTheTextChanged_doesNotMatch() {
    byte[] frame = bytes(LEAD + BEFORE + "a" + AFTER + TAIL);
    FrameTemplate template = learnt();

    for (int i = 0; i < frame.length; i++) {
      frame[i] ^= 1;
      boolean isText = i == LEAD.length() + BEFORE.length();
      assertThat(template.match(frame, 0, frame.length) > 0).isEqualTo(isText);
      frame[i] ^= 1;
    }
  }

  @Test
  void data_withoutTheLinesAround_matchesToo() {
    byte[] data = bytes(BEFORE + "xyz" + AFTER);

    assertThat(learnt().matchData(data, 0, data.length)).isTrue();
    assertThat(new FrameTemplate(1_000).matchData(data, 0, data.length)).isFalse();
  }

  @Test
  void frame_longerThanTheLimit_doesNotMatch() {
    byte[] frame = bytes(LEAD + BEFORE + "x".repeat(1_000) + AFTER + TAIL);

    assertThat(learnt().match(frame, 0, frame.length)).isEqualTo(-1);
  }

  @Test
  void learning_aPlaceThatIsNoString_isRefused() {
    byte[] data = bytes("{\"t\":\"a\",\"u\":\"b\"}");
    FrameTemplate template = new FrameTemplate(1_000);

    // From the quote before a to the quote after b: two strings.
    template.learn(data, 0, 5, 15, data.length);
    assertThat(template.matchData(data, 0, data.length)).isFalse();
    template.learn(data, 0, 4, 7, data.length);
    assertThat(template.matchData(data, 0, data.length)).isFalse();
    template.learn(data, 0, 5, 7, data.length);
    assertThat(template.matchData(data, 0, data.length)).isTrue();
  }

  @Test
  void frame_isWanted_onlyAfterAnEventThatFits() {
    FrameTemplate template = new FrameTemplate(1_000);
    byte[] data = bytes(BEFORE + "a" + AFTER);

    assertThat(template.wantsFrame()).isFalse();
    template.learn(data, 0, BEFORE.length() - 1, BEFORE.length() + 1, data.length);
    assertThat(template.wantsFrame()).isTrue();
    template.nextEvent();
    assertThat(template.wantsFrame()).isFalse();
    assertThat(learnt().wantsFrame()).isFalse();
  }

  private static FrameTemplate learnt() {
    FrameTemplate template = new FrameTemplate(1_000);
    byte[] frame = bytes(LEAD + BEFORE + "q\\\"q" + AFTER + TAIL);
    int from = LEAD.length();
    int to = frame.length - TAIL.length();
    int open = from + BEFORE.length() - 1;
    template.learn(frame, from, open, open + 5, to);
    template.learnFrame(frame, 0, from, to, frame.length);
    return template;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
