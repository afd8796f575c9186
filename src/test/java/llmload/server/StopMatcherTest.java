package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
  @Test
  void text_withoutStops_passesAsItIs() {
    StopMatcher matcher = new StopMatcher(List.of());

    assertThat(matcher.append("And the LORD")).isEqualTo("And the LORD");
    assertThat(matcher.rest()).isEmpty();
  }

  @Test
  void stop_splitOverPieces_isCutWithNothingOfIt() {
    StopMatcher matcher = new StopMatcher(List.of("END"));

    assertThat(matcher.append("abcE")).isEqualTo("abc");
    assertThat(matcher.append("N")).isEmpty();
    assertThat(matcher.append("D after")).isEmpty();
    assertThat(matcher.matched()).isTrue();
    assertThat(matcher.append("more")).isEmpty();
    assertThat(matcher.rest()).isEmpty();
  }

  @Test
  void stop_onlyBegun_isSentOnceItCannotBecomeOne() {
    StopMatcher matcher = new StopMatcher(List.of("END"));

    assertThat(matcher.append("xEN")).isEqualTo("x");
    assertThat(matcher.append("G")).isEqualTo("ENG");
    assertThat(matcher.append("E")).isEmpty();
    assertThat(matcher.rest()).isEqualTo("E");
    assertThat(matcher.matched()).isFalse();
  }

  @Test
  void stops_twoInOnePiece_theFirstInTheTextCounts() {
    StopMatcher matcher = new StopMatcher(List.of("late", "soon"));

    assertThat(matcher.append("a soon, b late")).isEqualTo("a ");
  }

  /** Oracle: the whole text at once, cut with indexOf. */
  @Property
  void stop_anyPieces_sameAsCuttingTheWholeText(
      @ForAll @Size(max = 12)
          List<@CharRange(from = 'a', to = 'b') @StringLength(max = 4) String> pieces,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(min = 1, max = 4) String stop) {
    StopMatcher matcher = new StopMatcher(List.of(stop));
    StringBuilder sent = new StringBuilder();
    for (String piece : pieces) {
      sent.append(matcher.append(piece));
    }
    sent.append(matcher.rest());

    String whole = String.join("", pieces);
    int at = whole.indexOf(stop);
    assertThat(sent.toString()).isEqualTo(at < 0 ? whole : whole.substring(0, at));
    assertThat(matcher.matched()).isEqualTo(at >= 0);
  }
}
