package llmload.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import llmload.model.TelemetryId;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SamplerTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ConcurrentLinkedQueue<TelemetrySample> samples = new ConcurrentLinkedQueue<>();

  private interface Look {
    List<Reading> take() throws SourceException, InterruptedException;
  }

  private static TelemetrySource source(String name, Look look) {
    return new TelemetrySource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
        return look.take();
      }
    };
  }

  private static List<Reading> threads(long count) {
    Reading reading = new Reading("process", Map.of("pid", "1"));
    reading.put(TelemetryId.THREADS_COUNT, count);
    return List.of(reading);
  }

  private Sampler sampler(Duration interval, Duration deadline, TelemetrySource... sources) {
    return new Sampler(
        List.of(sources), new Sampler.Beat(interval, deadline, System::nanoTime, 0), samples::add);
  }

  private List<TelemetrySample> of(String source) {
    return samples.stream().filter(sample -> sample.source().equals(source)).toList();
  }

  private double missed(String name, MissReason reason) {
    return of("telemetry").stream()
        .filter(sample -> name.equals(sample.labels().get("of")))
        .filter(sample -> reason.name().equals(sample.labels().get("reason")))
        .mapToDouble(sample -> sample.values().getOrDefault("missed_count", 0.0))
        .max()
        .orElse(0);
  }

  @Test
  void stamp_isTheMiddleOfTheLook_fromTheAnchor() {
    AtomicLong clock = new AtomicLong(1_000);
    TelemetrySource source =
        source(
            "p",
            () -> {
              clock.addAndGet(500);
              return threads(7);
            });
    Sampler sampler =
        new Sampler(
            List.of(source),
            new Sampler.Beat(LONG, Duration.ofSeconds(5), clock::get, 100),
            samples::add);
    sampler.start();
    sampler.awaitBaseline();
    sampler.close();

    // Begun at 1000, back at 1500, the anchor at 100.
    assertThat(of("process").get(0).atNanos()).isEqualTo(1_150);
    assertThat(of("process").get(0).values()).isEqualTo(Map.of("threads_count", 7.0));
    assertThat(of("process").get(0).labels()).isEqualTo(Map.of("pid", "1"));
  }

  @Test
  void beforeDuringAndAfter_eachSourceIsLookedAt() {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(2);
    TelemetrySource source =
        source(
            "p",
            () -> {
              second.countDown();
              return threads(looks.incrementAndGet());
            });
    Sampler sampler = sampler(LONG, Duration.ofSeconds(5), source);
    sampler.start();
    sampler.awaitBaseline();
    sampler.sampleNow();
    await(second);
    sampler.close();
    sampler.close();

    // At once, when asked, and at the end; the interval of a minute has never passed.
    assertThat(of("process"))
        .extracting(sample -> sample.values().get("threads_count"))
        .containsExactly(1.0, 2.0, 3.0);
    List<TelemetrySample> account = of("telemetry");
    assertThat(account.get(account.size() - 1).values()).isEqualTo(Map.of("taken_count", 3.0));
    assertThat(account.get(account.size() - 1).labels()).isEqualTo(Map.of("of", "p"));
  }

  @Test
  void sourceThatHangs_costsItsOwnSamplesOnly() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch several = new CountDownLatch(5);
    TelemetrySource hanging =
        source(
            "hanging",
            () -> {
              never.await();
              return threads(0);
            });
    TelemetrySource healthy =
        source(
            "healthy",
            () -> {
              several.countDown();
              return threads(1);
            });
    Sampler sampler = sampler(Duration.ofMillis(20), Duration.ofMillis(300), hanging, healthy);
    sampler.start();
    sampler.awaitBaseline();
    await(several);
    sampler.close();

    assertThat(of("process")).hasSizeGreaterThanOrEqualTo(5);
    assertThat(missed("hanging", MissReason.TIMEOUT)).isEqualTo(1);
  }

  @Test
  void lookThatOutlastsItsInterval_costsTheTimesThatPass() {
    AtomicLong clock = new AtomicLong();
    Duration interval = Duration.ofNanos(100);
    TelemetrySource slow =
        source(
            "slow",
            () -> {
              clock.addAndGet(350);
              return threads(1);
            });
    Sampler sampler =
        new Sampler(
            List.of(slow),
            new Sampler.Beat(interval, Duration.ofSeconds(5), clock::get, 0),
            samples::add);
    sampler.start();
    sampler.awaitBaseline();
    sampler.close();

    // Due at 0 and back at 350: the times 100, 200 and 300 have passed.
    assertThat(missed("slow", MissReason.STILL_READING)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void faults_areCountedByReason_andALastingOneEndsTheLooks() {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch four = new CountDownLatch(4);
    TelemetrySource failing =
        source(
            "failing",
            () -> {
              four.countDown();
              switch (looks.incrementAndGet()) {
                case 1, 2 -> throw SourceException.passing(MissReason.HTTP_STATUS, "HTTP 503");
                case 3 -> throw new IllegalStateException("a fault of the collector");
                default -> throw SourceException.lasting(MissReason.NOT_AVAILABLE, "gone");
              }
            });
    Sampler sampler = sampler(Duration.ofMillis(10), Duration.ofSeconds(5), failing);
    sampler.start();
    await(four);
    sampler.close();

    assertThat(looks).hasValue(4);
    assertThat(missed("failing", MissReason.HTTP_STATUS)).isEqualTo(2);
    assertThat(missed("failing", MissReason.INTERNAL)).isEqualTo(1);
    assertThat(missed("failing", MissReason.NOT_AVAILABLE)).isEqualTo(1);
    assertThat(of("telemetry"))
        .anySatisfy(sample -> assertThat(sample.labels()).containsEntry("message", "HTTP 503"));
    assertThat(of("process")).isEmpty();
  }

  @Test
  void sourceThatCannotBeginHere_isToldAsMissing() {
    TelemetrySource source =
        new OnDemandSource(
            "native",
            () -> {
              throw new UnsatisfiedLinkError("no such library");
            });
    Sampler sampler = sampler(LONG, Duration.ofSeconds(5), source);
    sampler.start();
    sampler.awaitBaseline();
    sampler.close();

    assertThat(missed("native", MissReason.NOT_AVAILABLE)).isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
