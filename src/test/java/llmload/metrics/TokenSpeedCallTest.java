package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import org.junit.jupiter.api.Test;

class TokenSpeedCallTest {
  private static RequestFixture inBatch(String wave, double sentMillis, double millis) {
    return RequestFixture.chat(millis)
        .notStreamed()
        .name("batch_2")
        .tag("batch", "2")
        .tag("wave", wave)
        .sent(sentMillis);
  }

  private static List<TokenSpeedCall> calls(RequestRecord... requests) {
    List<TokenSpeedCall> calls = new ArrayList<>();
    TokenSpeedCalls joined = new TokenSpeedCalls(calls::add);
    List.of(requests).forEach(joined::accept);
    joined.finish();
    return calls;
  }

  @Test
  void single_hasTheFormulasOfTheDocument() {
    // 30 prompt and 50 output tokens in 400 ms.
    TokenSpeedCall call =
        calls(RequestFixture.chat(400).notStreamed().sent(1_000).usage(30, 50).build()).get(0);

    assertThat(call.isOk()).isTrue();
    assertThat(call.seconds()).hasValue(0.4);
    assertThat(call.tokensPerSecond()).hasValue(200);
    assertThat(call.outputTokensPerSecond()).hasValue(125);
    // 400 ms over 80 tokens, and over the 50 that were generated.
    assertThat(call.millisPerToken().orElseThrow()).isCloseTo(5, within(1e-9));
    assertThat(call.millisPerOutputToken().orElseThrow()).isCloseTo(8, within(1e-9));
    assertThat(call.ttftNanos()).isNull();
  }

  @Test
  void stream_isTimedToItsEnd_andTellsItsFirstToken() {
    TokenSpeedCall call =
        calls(RequestFixture.stream(100, 50, 50).end(250).usage(10, 3).build()).get(0);

    assertThat(call.ttftNanos()).isEqualTo(100_000_000);
    assertThat(call.seconds()).hasValue(0.25);
  }

  @Test
  void refusedAfter1Millisecond_isNoFastCall() {
    TokenSpeedCall call =
        calls(
                RequestFixture.chat(1)
                    .notStreamed()
                    .outcome(Outcome.HTTP_4XX, 401, "HTTP 401: no such key")
                    .build())
            .get(0);

    assertThat(call.isOk()).isFalse();
    assertThat(call.problem()).isEqualTo("HTTP 401: no such key");
    assertThat(call.seconds()).isEmpty();
    assertThat(call.tokensPerSecond()).isEmpty();
    assertThat(call.millisPerToken()).isEmpty();
  }

  @Test
  void batch_isTimedFromItsFirstSendToItsLastEnd_whateverTheOrder() {
    List<TokenSpeedCall> calls =
        calls(
            inBatch("1", 5_000, 100).usage(1, 1).build(),
            inBatch("0", 1_010, 490).usage(12, 40).build(),
            inBatch("1", 5_000, 100).usage(1, 1).build(),
            inBatch("0", 1_000, 200).usage(8, 20).build());

    assertThat(calls).hasSize(2);
    TokenSpeedCall wave =
        calls.stream().filter(call -> call.sentNanos() == 1_000_000_000L).findFirst().orElseThrow();
    // Sent at 1,000 and 1,010 ms, ended at 1,200 and 1,500: half a second for 20 + 60 tokens.
    assertThat(wave.isOk()).isTrue();
    assertThat(wave.seconds()).hasValue(0.5);
    assertThat(wave.tokensPerSecond()).hasValue(160);
    assertThat(wave.outputTokensPerSecond()).hasValue(120);
  }

  @Test
  void batch_withAFailure_countsOnlyWhatCame_andIsNotOk() {
    TokenSpeedCall wave =
        calls(
                inBatch("0", 0, 500).usage(10, 40).build(),
                inBatch("0", 0, 3).outcome(Outcome.HTTP_5XX, 503, "HTTP 503").build())
            .get(0);

    assertThat(wave.isOk()).isFalse();
    assertThat(wave.problem()).isEqualTo("HTTP 503");
    assertThat(wave.totalTokens()).hasValue(50);
  }

  @Test
  void batch_cutShort_saysHowManyWereSent() {
    TokenSpeedCall wave = calls(inBatch("0", 0, 500).usage(10, 40).build()).get(0);

    assertThat(wave.isOk()).isFalse();
    assertThat(wave.problem()).isEqualTo("only 1 of 2 requests were sent");
  }

  @Test
  void unknownTokens_spoilTheSumOfABatch() {
    TokenSpeedCall wave =
        calls(
                inBatch("0", 0, 500).usage(null, 40).build(),
                inBatch("0", 0, 500).usage(10, 40).build())
            .get(0);

    assertThat(wave.isOk()).isTrue();
    assertThat(wave.totalTokens()).isEmpty();
    assertThat(wave.tokensPerSecond()).isEmpty();
    assertThat(wave.outputTokensPerSecond()).hasValue(160);
  }

  @Test
  void warmUpAndHealth_areNoCalls() {
    assertThat(
            calls(
                RequestFixture.chat(5).warmup().build(),
                RequestFixture.chat(5).kind(RequestKind.HEALTH).build()))
        .isEmpty();
  }
}
