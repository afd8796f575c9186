package llmload.simulations.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void total_thatDivides_isSharedExactly() {
    assertThat(Shares.of(50, 1, 1, 6, 4, 3, 6, 4)).containsExactly(2, 2, 12, 8, 6, 12, 8);
  }

  @Test
  void rest_goesToTheLargestRemainders() {
    // Of 10: 10/3 = 3.33, 20/3 = 6.67, so the one that is left goes to the second.
    assertThat(Shares.of(10, 1, 2)).containsExactly(3, 7);
    // Equal remainders: the first ones win.
    assertThat(Shares.of(5, 1, 1, 1)).containsExactly(2, 2, 1);
    assertThat(Shares.of(0, 1, 1)).containsExactly(0, 0);
  }

  @Test
  void anyTotal_isKept() {
    for (long total = 0; total < 200; total++) {
      assertThat(Arrays.stream(Shares.of(total, 1, 1, 6, 4, 3, 6, 4)).sum()).isEqualTo(total);
    }
  }
}
