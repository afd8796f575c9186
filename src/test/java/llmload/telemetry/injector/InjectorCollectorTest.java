package llmload.telemetry.injector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class InjectorCollectorTest {
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
  private final AtomicLong lagNanos = new AtomicLong();
  private final List<TelemetrySample> samples = new ArrayList<>();
  private InjectorCollector.Progress progress = new InjectorCollector.Progress(12, 8);

  private InjectorCollector collector() {
    return new InjectorCollector(
        new InjectorCollector.Source() {
          @Override
          public InjectorCollector.Progress progress() {
            return progress;
          }

          @Override
          public long takeEventLoopLagNanos() {
            return lagNanos.getAndSet(0);
          }
        },
        samples::add,
        nanos::get,
        4_000_000_000L);
  }

  @Test
  void sample_hasTheLoadAndTheJvmsOwnNumbers() {
    InjectorCollector collector = collector();
    lagNanos.set(2_500_000);
    nanos.addAndGet(1_000_000_000L);
    collector.sample();

    TelemetrySample sample = samples.get(0);
    Map<String, Double> values = sample.values();
    assertThat(sample.source()).isEqualTo("injector");
    // 6 s on the clock, the anchor at 4 s.
    assertThat(sample.atNanos()).isEqualTo(2_000_000_000L);
    assertThat(values)
        .containsEntry("started_count", 12.0)
        .containsEntry("done_count", 8.0)
        .containsEntry("active_count", 4.0)
        .containsEntry("event_loop_lag_max_ms", 2.5);
    assertThat(values.get("heap_used_bytes"))
        .isBetween(1e6, (double) Runtime.getRuntime().maxMemory());
    assertThat(values.get("cpu_cores")).isGreaterThanOrEqualTo(0);
    assertThat(values).containsKeys("gc_pause_max_ms", "gc_pause_total_ms");
    assertThat(Stream.of(TelemetryId.values()).filter(id -> id.sources().contains("injector")))
        .extracting(TelemetryId::id)
        .containsExactlyInAnyOrderElementsOf(values.keySet());
  }

  @Test
  void counts_readAMomentApart_neverMakeActiveNegative() {
    progress = new InjectorCollector.Progress(12, 13);
    InjectorCollector collector = collector();
    collector.sample();
    assertThat(samples.get(0).values())
        .containsEntry("active_count", 0.0)
        .containsEntry("done_count", 12.0);
  }

  @Test
  void close_takesALastSample_andNothingAfter() {
    InjectorCollector collector = collector();
    collector.start();
    collector.close();
    collector.close();
    collector.sample();
    assertThat(samples).hasSize(1);
  }

  @Test
  void gcPauses_seeACollection_andForgetItWhenTaken() throws InterruptedException {
    GcPauses pauses = GcPauses.watch();
    long total = 0;
    long deadline = System.nanoTime() + 20_000_000_000L;
    // A collection of an almost empty heap may take less than the millisecond that JMX counts in.
    List<byte[]> held = new ArrayList<>();
    while (total == 0 && System.nanoTime() - deadline < 0) {
      for (int i = 0; i < 20_000; i++) {
        held.add(new byte[1_000]);
      }
      if (held.size() > 100_000) {
        held.clear();
      }
      System.gc();
      total += pauses.takeTotalMillis();
    }
    assertThat(total).isPositive();
  }
}
