package llmload.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import llmload.model.Outcome;
import llmload.model.ServerTimings;
import llmload.model.TokenUsage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReplyTest {

  @Test
  void chunks_gaps_areDifferencesOfRoundedStampsAndNeverDrift() {
    // Since sent 1.4, 2.8 and 4.2 µs: rounded 1, 3, 4, so the gaps are 1, 2, 1 and sum to 4.
    assertThat(reply(101_400, 102_800, 104_200).chunks(100_000).gapMicros())
        .containsExactly(1, 2, 1);
    // Half a microsecond rounds up.
    assertThat(reply(100_500, 101_499).chunks(100_000).gapMicros()).containsExactly(1, 0);
  }

  @Test
  void chunks_aStampBeforeTheClocksZero_isNoSpecialCase() {
    assertThat(reply(-5_000, 1_000).chunks(-10_000).gapMicros()).containsExactly(5, 6);
  }

  @Property(seed = "5", tries = 3_000)
  void utf8_anyBytes_agreesWithTheJdksStrictDecoder(@ForAll @Size(max = 12) byte[] bytes) {
    assertThat(Utf8.length(bytes, 0, bytes.length)).isEqualTo(strictLength(bytes));
    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(strictLength(bytes) >= 0);
  }

  @Test
  void utf8_everyLeadAndSecondByte_agreesWithTheJdksStrictDecoder() {
    for (int lead = 0x80; lead < 0x100; lead++) {
      for (int second = 0; second < 0x100; second++) {
        for (int length = 1; length <= 4; length++) {
          byte[] bytes = {(byte) lead, (byte) second, (byte) 0x80, (byte) 0xBF};
          byte[] cut = java.util.Arrays.copyOf(bytes, length);
          assertThat(Utf8.length(cut, 0, length)).isEqualTo(strictLength(cut));
        }
      }
    }
  }

  private static int strictLength(byte[] bytes) {
    try {
      CharBuffer decoded =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes));
      return decoded.length();
    } catch (CharacterCodingException e) {
      return -1;
    }
  }

  private static Reply reply(long... at) {
    return new Reply(
        Outcome.OK,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        at,
        new int[at.length],
        null,
        TokenUsage.NONE,
        ServerTimings.NONE,
        Set.of(),
        "",
        "",
        0);
  }
}
