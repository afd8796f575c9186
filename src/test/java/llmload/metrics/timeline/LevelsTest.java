package llmload.metrics.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import llmload.metrics.SampleFixture;
import llmload.model.TelemetryId;
import org.junit.jupiter.api.Test;

class LevelsTest {
  private static final long SECOND = 1_000_000_000L;

  private final Tracks tracks = new Tracks();
  private final Coverage coverage = new Coverage(3 * SECOND);
  private final Span span = new Span(0, 4 * SECOND);

  /** Two GPUs whose memory is greatest at different moments. */
  private void memory() {
    double[] first = {10, 50, 10, 10, 10};
    double[] second = {20, 20, 20, 80, 20};
    for (int at = 0; at < first.length; at++) {
      tracks.add(SampleFixture.sample("gpu", at, "memory_used_bytes", first[at], "uuid", "a"));
      tracks.add(SampleFixture.sample("gpu", at, "memory_used_bytes", second[at], "uuid", "b"));
    }
  }

  @Test
  void peakOfASum_isThatOfOneMoment() {
    memory();

    Level sum = Levels.sum(tracks.of("gpu"), TelemetryId.MEMORY_USED_BYTES, coverage, span);

    assertThat(sum).isNotNull();
    // 30, 70, 30, 90, 30; the sum of both peaks would be 130.
    assertThat(sum.max()).isEqualTo(90);
    assertThat(sum.min()).isEqualTo(30);
    // (30 + 70) / 2 + (70 + 30) / 2 + (30 + 90) / 2 + (90 + 30) / 2 over 4 s.
    assertThat(sum.mean()).isCloseTo(220 / 4.0, within(1e-9));
  }

  @Test
  void meanOfSeveral_hasTheExtremesOfAll() {
    memory();

    Level mean = Levels.mean(tracks.of("gpu"), TelemetryId.MEMORY_USED_BYTES, coverage, span);

    assertThat(mean).isNotNull();
    assertThat(mean.max()).isEqualTo(80);
    assertThat(mean.min()).isEqualTo(10);
    assertThat(mean.mean()).isCloseTo(110 / 4.0, within(1e-9));
  }

  @Test
  void oneWithoutANumber_makesAllOfThemUnknown() {
    memory();
    tracks.add(SampleFixture.sample("gpu", 0, "power_watts", 1, "uuid", "c"));

    assertThat(Levels.sum(tracks.of("gpu"), TelemetryId.MEMORY_USED_BYTES, coverage, span))
        .isNull();
    assertThat(Levels.mean(tracks.of("gpu"), TelemetryId.MEMORY_USED_BYTES, coverage, span))
        .isNull();
    assertThat(Levels.sum(tracks.of("server"), TelemetryId.KV_USED_TOKENS, coverage, span))
        .isNull();
  }
}
