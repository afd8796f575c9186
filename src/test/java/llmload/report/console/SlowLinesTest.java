package llmload.report.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import llmload.model.SlowTime;
import org.junit.jupiter.api.Test;

class SlowLinesTest {
  private static SlowTime.Stretch second(int start, String because) {
    return new SlowTime.Stretch(start, start + 1, 1, List.of("ttft"), 3, "server queue", because);
  }

  private static String line(SlowTime.Stretch... stretches) {
    return SlowLines.of(new SlowTime(stretches.length, 60, List.of(stretches))).get(0);
  }

  @Test
  void runThatWasNeverSlow_hasNoLine() {
    assertThat(SlowLines.of(SlowTime.NONE)).isEmpty();
  }

  @Test
  void reason_standsOnce() {
    assertThat(line(second(3, "waiting 9"), second(7, "waiting 9"), second(9, "waiting 8")))
        .isEqualTo(
            "  slow       3 of 60 s: 3 s ttft server queue (waiting 9); 7 s ttft server queue;"
                + " 9 s ttft server queue (waiting 8)");
  }

  @Test
  void reason_thatFillsTheLine_isLeftOutWhereItIsACharacterTooLong() {
    // "  slow       1 of 60 s: " has 24 characters, "3 s ttft server queue" has 21, " ()" three.
    String longest = "x".repeat(SlowLines.MOST_CHARACTERS - 48);
    assertThat(longest).hasSize(112);
    assertThat(line(second(3, longest))).hasSize(160).endsWith("server queue (" + longest + ")");
    assertThat(line(second(3, longest + "x"))).endsWith("3 s ttft server queue");
  }

  @Test
  void line_keepsItsLength_whateverTheStretchesAre() {
    List<SlowTime.Stretch> many = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      many.add(
          new SlowTime.Stretch(
              1234.567 + i, 2345.678, 9, List.of("ttft", "itl"), 3, "KV cache full", "in use"));
    }

    String line = SlowLines.of(new SlowTime(1234.5, 5678.9, many)).get(0);

    // Three of 47 characters do not fit beside 30 and the count of the others; two and a reason do.
    assertThat(line.length()).isLessThanOrEqualTo(SlowLines.MOST_CHARACTERS);
    assertThat(line).contains("KV cache full (in use); ").endsWith("KV cache full; and 7 more");
  }
}
