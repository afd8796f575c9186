package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import llmload.model.Outcome;
import llmload.testing.ProtocolHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {
  @Test
  void pause_doublesWithEachFailureInARow_upToASecond() {
    Session session = ProtocolHarness.emptySession();
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      session = Refusals.after(session, Outcome.CONNECT);
      millis.add(Refusals.pause(session).toMillis());
    }

    assertThat(millis).startsWith(100L, 200L, 400L, 800L, 1000L, 1000L).endsWith(1000L);
    assertThat(Duration.ofMillis(millis.stream().mapToLong(Long::longValue).sum()))
        .isEqualTo(Duration.ofMillis(100 + 200 + 400 + 800 + 36 * 1000));
  }

  @ParameterizedTest
  @EnumSource(value = Outcome.class, names = "CONNECT", mode = EnumSource.Mode.EXCLUDE)
  void anyOtherEnd_isNoRefusal_andForgetsThoseBefore(Outcome outcome) {
    Session refused = Refusals.after(ProtocolHarness.emptySession(), Outcome.CONNECT);

    assertThat(Refusals.isRefused(refused)).isTrue();
    assertThat(Refusals.isRefused(Refusals.after(refused, outcome))).isFalse();
    assertThat(Refusals.isRefused(Refusals.after(ProtocolHarness.emptySession(), outcome)))
        .isFalse();
  }
}
