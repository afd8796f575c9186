package llmload.report;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ForeignTextTest {
  @Test
  void line_withTerminalCodes_losesThem() {
    assertThat(
            ForeignText.message("a\u001B[31;1mred\u001B[0m\u001B]0;title\u0007b\u009B2Jc\u001Bcd"))
        .isEqualTo("aredbcd");
  }

  @Test
  void line_withLineBreaksAndControls_isOneLine() {
    assertThat(ForeignText.message("a\r\nb\tc\u0000d\u0085e\u2028f\u007F")).isEqualTo("a  b cde f");
  }

  @Test
  void line_thatTurnsTheDirection_losesTheTurn() {
    assertThat(ForeignText.message("abc\u202Efed\u2066x\u200Fy")).isEqualTo("abcfedxy");
  }

  @Test
  void line_withHalfACharacter_getsAReplacement() {
    assertThat(ForeignText.message("a\uD83Db")).isEqualTo("a\uFFFDb");
    assertThat(ForeignText.message("a\uD83D\uDE00b")).isEqualTo("a\uD83D\uDE00b");
  }

  @Test
  void name_thatIsTooLong_isCutAndSaysHowLongItWas() {
    assertThat(ForeignText.name("x".repeat(1_000_000)))
        .isEqualTo("x".repeat(120) + "... (1000000 characters)");
    assertThat(ForeignText.name("x".repeat(120))).isEqualTo("x".repeat(120));
  }

  @Test
  void cut_neverSplitsACharacter() {
    // 119 letters, then one character of two UTF-16 units: the cut at 120 falls between them.
    assertThat(ForeignText.name("x".repeat(119) + "\uD83D\uDE00".repeat(3)))
        .isEqualTo("x".repeat(119) + "... (125 characters)");
  }

  @Test
  void ascii_replacesWhatATerminalMayNotShow() {
    assertThat(ForeignText.ascii("caf\u00E9 \uD83D\uDE00 <")).isEqualTo("caf? ? <");
    assertThat(ForeignText.message(null)).isEmpty();
  }

  @Property(seed = "7")
  void line_ofAnyText_isShortAndHasNoControls(@ForAll @StringLength(max = 400) String text) {
    String line = ForeignText.line(text, 50);

    assertThat(line.length()).isLessThanOrEqualTo(50 + "... (400 characters)".length());
    assertThat(line.codePoints()).noneMatch(Character::isISOControl);
  }
}
