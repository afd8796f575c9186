package llmload.analysis.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.ServerPlace;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlertWindowsTest {
  private static final long SECOND = 1_000_000_000L;

  private final AlertWindows windows = new AlertWindows(5 * SECOND, ServerPlace.THIS_MACHINE);

  private static TelemetrySample sample(
      String source, double second, Map<String, Double> values, Map<String, String> labels) {
    return new TelemetrySample(source, (long) (second * SECOND), values, labels);
  }

  @Test
  void requests_areOfTheWindowInWhichTheyEnd() {
    // Ten tokens in 250 ms are 40 a second, in 500 ms 20; the first of each after 25 and 50 ms.
    windows.accept(RequestFixture.stream(new int[] {25, 225}, new int[] {1, 9}).sent(1000).build());
    windows.accept(RequestFixture.stream(new int[] {50, 450}, new int[] {1, 9}).sent(4400).build());
    windows.accept(RequestFixture.stream(new int[] {50, 450}, new int[] {1, 9}).sent(4600).build());
    windows.accept(
        RequestFixture.chat(10).sent(6000).outcome(Outcome.HTTP_5XX, 503, "full").build());
    windows.accept(RequestFixture.stream(9, 9).sent(100).warmup().build());

    assertThat(windows.take(10 * SECOND, 40.0))
        .containsExactly(
            new AlertWindow(
                5 * SECOND, 30.0, 25.0, null, null, null, null, null, null, null, -0.25, 2, 0),
            new AlertWindow(
                10 * SECOND, 20.0, 50.0, null, null, null, null, null, null, null, -0.5, 1, 1));
  }

  @Test
  void samples_ofHostAndGpu_areMeansAndTheHottest() {
    Map<String, Double> memory = Map.of("memory_used_bytes", 3.0, "memory_total_bytes", 4.0);
    windows.accept(sample("host", 1, Map.of("cpu_busy_ratio", 0.5), Map.of()));
    windows.accept(sample("host", 2, Map.of("cpu_busy_ratio", 0.7), Map.of()));
    windows.accept(sample("host", 2, Map.of("cpu_busy_ratio", 1.0), Map.of("core", "0")));
    windows.accept(sample("host", 3, memory, Map.of()));
    windows.accept(
        sample("gpu", 1, Map.of("gpu_busy_ratio", 0.5, "gpu_celsius", 61.0), Map.of("gpu", "0")));
    windows.accept(
        sample("gpu", 1, Map.of("gpu_busy_ratio", 1.0, "gpu_celsius", 83.0), Map.of("gpu", "1")));
    windows.accept(sample("server", 1, Map.of("kv_used_ratio", 1.0), Map.of()));

    assertThat(windows.take(5 * SECOND, null))
        .containsExactly(
            new AlertWindow(
                5 * SECOND, null, null, null, null, 0.75, 0.6, 0.75, 83.0, null, null, 0, 0));
  }

  @ParameterizedTest
  @EnumSource(names = {"ANOTHER_MACHINE", "NOT_KNOWN"})
  void host_thatIsNotTheServers_tellsNothingOfIt(ServerPlace place) {
    AlertWindows remote = new AlertWindows(5 * SECOND, place);
    Map<String, Double> busy =
        Map.of("cpu_busy_ratio", 1.0, "memory_used_bytes", 4.0, "memory_total_bytes", 4.0);
    remote.accept(sample("host", 1, busy, Map.of()));
    remote.accept(sample("host", 1, Map.of("energy_joules", 1.0), Map.of("zone", "package-0")));
    remote.accept(sample("host", 4, Map.of("energy_joules", 99.0), Map.of("zone", "package-0")));
    remote.accept(sample("gpu", 1, Map.of("gpu_busy_ratio", 0.5), Map.of("gpu", "0")));
    // Two tokens at 10 and 20 ms, 100 a second; that it came in time is the window's only news.
    remote.accept(RequestFixture.stream(10, 10).build());

    assertThat(remote.take(5 * SECOND, null))
        .containsExactly(
            new AlertWindow(
                5 * SECOND, 100.0, 10.0, null, null, null, null, 0.5, null, null, null, 1, 0));
  }

  @Test
  void energy_isWhatTheGpusCountersRoseBy_overTheTokens() {
    Map<String, String> first = Map.of("gpu", "0");
    Map<String, String> second = Map.of("gpu", "1");
    windows.accept(sample("gpu", 1, Map.of("energy_joules", 100.0), first));
    windows.accept(sample("gpu", 1, Map.of("energy_joules", 500.0), second));
    windows.accept(sample("gpu", 3, Map.of("energy_joules", 115.0), first));
    // A counter that falls has begun again, and tells nothing.
    windows.accept(sample("gpu", 3, Map.of("energy_joules", 4.0), second));
    windows.accept(sample("gpu", 4, Map.of("energy_joules", 9.0), second));
    windows.accept(sample("host", 1, Map.of("energy_joules", 1.0), Map.of("zone", "package-0")));
    windows.accept(sample("host", 4, Map.of("energy_joules", 99.0), Map.of("zone", "package-0")));
    windows.accept(RequestFixture.stream(new int[] {50, 50}, new int[] {1, 9}).build());

    // 15 J + 5 J over 10 tokens; the processors' 98 J are not added.
    assertThat(windows.take(5 * SECOND, null).get(0).energyPerTokenJoules()).isEqualTo(2.0);
  }

  @Test
  void retrieval_isItsP95_andNoGeneration() {
    for (int i = 1; i <= 20; i++) {
      windows.accept(RequestFixture.chat(i).kind(RequestKind.RETRIEVAL).notStreamed().build());
    }
    AlertWindow window = windows.take(5 * SECOND, null).get(0);
    assertThat(window.retrievalMillis()).isEqualTo(19.0);
    assertThat(window.tokensPerSecond()).isNull();
  }

  @Test
  void spikes_areThoseOfEachLevel_sinceTheNextLevelIsNone() {
    for (int i = 0; i < 100; i++) {
      windows.accept(held(1, 10).sent(10 * i).build());
    }
    // The median of all is 10 ms: of one heap 20 of 120 were spikes, above the limit of 15 %.
    for (int i = 0; i < 19; i++) {
      windows.accept(held(20, 1000).sent(1000 + i).build());
    }
    windows.accept(held(20, 3000).sent(1000).build());

    assertThat(windows.take(5 * SECOND, null))
        .extracting(AlertWindow::spikeRatio)
        .containsExactly(1 / 120.0);
  }

  private static RequestFixture held(int concurrency, int millis) {
    return RequestFixture.stream(millis)
        .name("concurrency_" + concurrency)
        .tag("concurrency", Integer.toString(concurrency));
  }

  @Test
  void take_handsEachWindowOverOnce_andOnlyWhenItIsOver() {
    windows.accept(RequestFixture.stream(9, 9).sent(1000).build());
    windows.accept(RequestFixture.stream(9, 9).sent(6000).build());

    assertThat(windows.take(5 * SECOND - 1, null)).isEmpty();
    assertThat(windows.take(7 * SECOND, null)).hasSize(1);
    // Too late for the window that is gone.
    windows.accept(RequestFixture.stream(9, 9).sent(2000).build());
    List<AlertWindow> rest = windows.take(Long.MAX_VALUE, null);
    assertThat(rest).extracting(AlertWindow::atNanos).containsExactly(10 * SECOND);
  }
}
