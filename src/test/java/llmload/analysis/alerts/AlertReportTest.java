package llmload.analysis.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.ResultTable;
import llmload.model.ServerPlace;
import llmload.model.SuiteResult;
import org.junit.jupiter.api.Test;

class AlertReportTest {
  private static final AlertSettings SETTINGS =
      new AlertSettings(AlertLimits.MINIBIAI, Duration.ofSeconds(5));

  /** A run of 400 s whose first tokens come after {@code ttftMillis}, at 100 tokens a second. */
  private static List<Alert> alerts(int ttftMillis) {
    AlertWindows windows = new AlertWindows(SETTINGS.window().toNanos(), ServerPlace.THIS_MACHINE);
    for (int second = 0; second < 400; second++) {
      windows.accept(
          RequestFixture.stream(new int[] {ttftMillis, 100 - ttftMillis}, new int[] {1, 9})
              .sent(second * 1000)
              .build());
    }
    return AlertReport.alerts(SETTINGS, windows, null);
  }

  @Test
  void slowRun_isSaidEveryFiveMinutes() {
    // The first window ends after 5 s, the first one 300 s later after 305 s.
    assertThat(alerts(8))
        .containsExactly(
            new Alert(
                5_000_000_000L,
                AlertType.TTFT,
                Alert.Severity.CRITICAL,
                "time to first token 8.0 ms above 5.0 ms"),
            new Alert(
                305_000_000_000L,
                AlertType.TTFT,
                Alert.Severity.CRITICAL,
                "time to first token 8.0 ms above 5.0 ms"));
  }

  @Test
  void beside_addsATableAndARemark_toWhatThereIs() {
    SuiteResult before = new SuiteResult("stress", Map.of(), List.of(), List.of("Borne."));
    SuiteResult result = AlertReport.beside("chat", before, alerts(8), ServerPlace.THIS_MACHINE);

    ResultTable table = result.tables().get(0);
    assertThat(result.suite()).isEqualTo("stress");
    assertThat(table.id()).isEqualTo("alerts");
    assertThat(table.rows().get(1))
        .containsExactly(305.0, "ttft", "critical", "time to first token 8.0 ms above 5.0 ms");
    assertThat(result.remarks()).containsExactly("Borne.", "Alerts: 2 ttft.");
  }

  @Test
  void runAgainstAnotherMachine_saysWhatRaisesNoAlert_andWhy() {
    assertThat(AlertReport.beside("chat", null, alerts(4), ServerPlace.ANOTHER_MACHINE).remarks())
        .containsExactly(
            "No alert was raised.",
            "This machine's CPU and memory raise no alert: the server is on another machine.");
  }

  @Test
  void quietRun_saysSo_andHasNoTable() {
    SuiteResult result = AlertReport.beside("chat", null, alerts(4), ServerPlace.THIS_MACHINE);

    assertThat(result.suite()).isEqualTo("chat");
    assertThat(result.tables()).isEmpty();
    assertThat(result.remarks()).containsExactly("No alert was raised.");
  }
}
