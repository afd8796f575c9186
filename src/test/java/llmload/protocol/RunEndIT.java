package llmload.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.testing.OpenAiFrames;
import llmload.testing.ProtocolHarness;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Steps;
import org.junit.jupiter.api.Test;

/** The moment a plan names, and requests that the end of the run cuts off. */
class RunEndIT extends FaultContract {

  @Test
  void intendedMomentInTheFuture_isWaitedForAndKept() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      harness.send(chat(), 1, Map.of()); // the first request of a JVM loads classes
      long intended = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
      RequestRecord record = harness.send(chat(), 1, Map.of(SessionKeys.INTENDED_NANOS, intended));

      assertThat(record.intendedNanos()).isEqualTo(intended - harness.log().anchorNanos());
      long lag = record.sentNanos() - Objects.requireNonNull(record.intendedNanos());
      // Never before its moment; the bound above is for a busy machine, not for the schedule.
      assertThat(lag).isBetween(0L, Duration.ofSeconds(1).toNanos());
    }
  }

  @Test
  void intendedMomentInThePast_showsAsLag() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      long late = TimeUnit.MILLISECONDS.toNanos(500);
      long intended = System.nanoTime() - late;
      RequestRecord record = harness.send(chat(), 1, Map.of(SessionKeys.INTENDED_NANOS, intended));

      assertThat(record.intendedNanos()).isEqualTo(intended - harness.log().anchorNanos());
      assertThat(record.sentNanos() - Objects.requireNonNull(record.intendedNanos()))
          .isGreaterThanOrEqualTo(late);
    }
  }

  @Test
  void abandonAll_midStream_isIncompleteAndNotInGatlingsStatistics() throws Exception {
    CountDownLatch streaming = new CountDownLatch(1);
    Script script =
        Script.always(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.content("a")),
            Steps.signal(streaming),
            Steps.hang());
    try (ScriptedServer server = ScriptedServer.start(script);
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      harness.begin(chat(), 1, Map.of());
      assertThat(streaming.await(20, TimeUnit.SECONDS)).isTrue();
      harness.log().abandonAll();
      RequestRecord record = harness.awaitRecord();

      assertThat(record.outcome()).isEqualTo(Outcome.INCOMPLETE);
      harness.awaitOnward();
      assertThat(harness.logged()).isEmpty();
      assertThat(harness.log().inFlightCount()).isZero();
      assertThat(server.posts()).isEqualTo(1);
      JournalFooter footer = harness.finish();
      assertThat(footer.startedCount()).isEqualTo(1);
      assertThat(footer.incompleteCount()).isEqualTo(1);
      assertThat(footer.failedCount()).isZero();
    }
  }

  @Test
  void abandonAll_beforeTheIntendedMoment_neverSends() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      long intended = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
      harness.begin(chat(), 1, Map.of(SessionKeys.INTENDED_NANOS, intended));
      harness.loop().submit(() -> {}).syncUninterruptibly(); // the action has run and waits
      harness.log().abandonAll();

      harness.awaitOnward();
      assertThat(server.posts()).isZero();
      assertThat(harness.logged()).isEmpty();
      assertThat(harness.finish().startedCount()).isZero();
    }
  }

  @Test
  void warmUp_isRecordedAsSuchAndNotInGatlingsStatistics() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record = harness.send(chat(), 1, Map.of(SessionKeys.PHASE, "warmup"));

      assertThat(record.phase().id()).isEqualTo("warmup");
      harness.awaitOnward();
      assertThat(harness.logged()).isEmpty();
      assertThat(harness.finish().startedCount()).isZero();
    }
  }

  @Test
  void requestThatTheSessionCannotFill_isClientAndSendsNothing() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record = harness.send(LlmDsl.llm("chat").user("#{missing}"), 1, Map.of());

      assertThat(record.outcome()).isEqualTo(Outcome.CLIENT);
      assertThat(record.message()).contains("missing");
      assertThat(harness.awaitOnward().failed()).isTrue();
      assertThat(server.connections()).isZero();
      assertThat(harness.logged()).hasSize(1);
      assertThat(harness.logged().get(0).message()).isEqualTo("Request could not be built");
    }
  }

  @Test
  void stoppedLog_letsUsersGoOnWithoutSending() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      harness.log().stop();
      harness.begin(chat(), 1, Map.of());

      assertThat(harness.awaitOnward().failed()).isFalse();
      assertThat(server.posts()).isZero();
      assertThat(harness.finish().startedCount()).isZero();
    }
  }

  @Test
  void check_thatFails_isKoWithItsConstantText() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(sound("a")));
        ProtocolHarness harness = ProtocolHarness.to(server.baseUrl())) {
      RequestRecord record =
          harness.send(chat().check(LlmDsl.finishReason().in("length")), 1, Map.of());

      assertThat(record.outcome()).isEqualTo(Outcome.CHECK);
      assertThat(record.tags()).containsEntry("check.finish_reason", "stop");
      assertThat(harness.awaitOnward().failed()).isTrue();
      assertThat(harness.logged())
          .extracting(line -> List.of(line.name(), line.ok(), line.message()))
          .containsExactly(List.of("chat", false, "finish reason not in [length]"));
    }
  }
}
