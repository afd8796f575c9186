package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import llmload.config.SettingsReader;
import llmload.protocol.RequestLog;
import org.junit.jupiter.api.Test;

class LoadControlTest {
  private final RequestLog log = RequestLog.none();
  private final AtomicLong nanos = new AtomicLong(1);
  private final AtomicInteger measuring = new AtomicInteger();

  private LoadControl control(Map<String, String> settings) {
    LoadSettings load =
        LoadSettings.read(
            SettingsReader.of(settings, Map.of(), Map.of(), "none"), Workload.OF_SETTINGS);
    return new LoadControl(load, log, nanos::get, measuring::incrementAndGet);
  }

  private void passSeconds(double seconds) {
    nanos.addAndGet((long) (seconds * 1e9));
  }

  @Test
  void tickets_takenByEightThreadsAtOnce_areExactlyThePlan() throws InterruptedException {
    LoadControl control = control(Map.of("llm.requests", "10007", "llm.warmUp", "501"));
    AtomicInteger measured = new AtomicInteger();
    AtomicInteger warmUp = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Runnable user =
        () -> {
          awaitQuietly(go);
          while (control.takeWarmUp()) {
            warmUp.incrementAndGet();
          }
          while (control.takeMeasured()) {
            measured.incrementAndGet();
          }
        };
    Thread[] users = IntStream.range(0, 8).mapToObj(i -> new Thread(user)).toArray(Thread[]::new);
    for (Thread thread : users) {
      thread.start();
    }
    go.countDown();
    for (Thread thread : users) {
      thread.join();
    }

    assertThat(measured).hasValue(10_007);
    assertThat(warmUp).hasValue(501);
    // All clocks stand at the same nanosecond, and still only one is the first.
    assertThat(measuring).hasValue(1);
    assertThat(control.isOver()).isTrue();
  }

  @Test
  void duration_countsFromTheFirstMeasuredRequest_notFromTheWarmUp() {
    LoadControl control = control(Map.of("llm.duration", "10s", "llm.warmUp", "3s"));
    assertThat(control.takeWarmUp()).isTrue();
    passSeconds(2.9);
    assertThat(control.takeWarmUp()).isTrue();
    passSeconds(0.2);
    assertThat(control.takeWarmUp()).isFalse();
    assertThat(control.isOver()).isFalse();
    passSeconds(100);
    assertThat(control.takeMeasured()).isTrue();
    passSeconds(9.99);
    assertThat(control.takeMeasured()).isTrue();
    passSeconds(0.02);
    assertThat(control.takeMeasured()).isFalse();
    assertThat(control.isOver()).isTrue();
    assertThat(measuring).hasValue(1);
  }

  @Test
  void requestsAndDuration_whicheverEndsFirst() {
    LoadControl control = control(Map.of("llm.duration", "10s", "llm.requests", "2"));
    assertThat(control.takeMeasured()).isTrue();
    assertThat(control.takeMeasured()).isTrue();
    assertThat(control.takeMeasured()).isFalse();

    LoadControl timed = control(Map.of("llm.duration", "10s", "llm.requests", "1000"));
    assertThat(timed.takeMeasured()).isTrue();
    passSeconds(11);
    assertThat(timed.takeMeasured()).isFalse();
  }

  @Test
  void stoppedLog_handsOutNothing() {
    LoadControl control = control(Map.of("llm.requests", "5"));
    assertThat(control.takeMeasured()).isTrue();
    log.stop();
    assertThat(control.takeMeasured()).isFalse();
    assertThat(control.takeWarmUp()).isFalse();
    assertThat(control.isOver()).isTrue();
  }

  @Test
  void openLoad_handsOutEveryArrivalOfItsPlan_howeverLateItsUserComes() {
    LoadControl control = control(Map.of("llm.rate", "5", "llm.duration", "10s"));
    assertThat(control.takeMeasured()).isTrue();
    passSeconds(10.003);
    assertThat(control.takeMeasured()).isTrue();
    log.stop();
    assertThat(control.takeMeasured()).isFalse();
  }

  @Test
  void nap_isAtMostAQuarterSecond_andEndsWithTheLoad() {
    LoadControl control = control(Map.of("llm.requests", "1"));
    long due = control.dueNanos(Duration.ofSeconds(1));
    assertThat(control.napUntil(due)).isEqualTo(LoadControl.LONGEST_NAP);
    passSeconds(0.9);
    // 100 ms are left; a millisecond more, since Gatling would cut a part of one.
    assertThat(control.napUntil(due)).isEqualTo(Duration.ofMillis(101));
    passSeconds(0.1);
    assertThat(control.napUntil(due)).isZero();

    long later = control.dueNanos(Duration.ofHours(1));
    assertThat(control.takeMeasured()).isTrue();
    assertThat(control.napUntil(later)).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
