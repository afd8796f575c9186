package llmload.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSourceTest {

  private static List<String> lines(String text, int initialBytes, int maxLineBytes)
      throws IOException {
    List<String> found = new ArrayList<>();
    try (LineSource lines =
        new LineSource(
            new ByteArrayInputStream(text.getBytes(UTF_8)), initialBytes, maxLineBytes)) {
      while (lines.advance()) {
        found.add(
            lines.lineNumber()
                + (lines.overlong() ? "!" : "")
                + ":"
                + (lines.overlong()
                    ? ""
                    : new String(lines.bytes(), lines.start(), lines.length(), UTF_8)));
      }
    }
    return found;
  }

  @Test
  void lines_areSplit_whateverTheBufferSize() throws IOException {
    for (int initialBytes = 1; initialBytes < 12; initialBytes++) {
      assertThat(lines("one\n\nthree\r\nlast", initialBytes, 64))
          .as("buffer of %d", initialBytes)
          .containsExactly("1:one", "2:", "3:three\r", "4:last");
    }
  }

  @Test
  void noBytes_areNoLine() throws IOException {
    assertThat(lines("", 4, 8)).isEmpty();
    assertThat(lines("a\n", 4, 8)).containsExactly("1:a");
  }

  @Test
  void overlongLine_isToldAndPassedOver_nextLineIsWhole() throws IOException {
    // 20 bytes against a limit of 8; the line of 7 just fits with its line feed.
    assertThat(lines("ab\n" + "x".repeat(20) + "\n1234567\n", 4, 8))
        .containsExactly("1:ab", "2!:", "3:1234567");
    assertThat(lines("x".repeat(20), 4, 8)).containsExactly("1!:");
    assertThat(lines("x".repeat(16) + "\nab", 4, 8)).containsExactly("1!:", "2:ab");
  }
}
