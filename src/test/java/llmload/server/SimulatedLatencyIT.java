package llmload.server;

import static llmload.protocol.LlmDsl.llm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import llmload.model.ChunkTimeline;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.protocol.LlmRequestBuilder;
import llmload.testing.ProtocolHarness;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stated latencies, measured through the kit's own protocol.
 *
 * <p>A busy machine makes a measurement longer and never shorter, so that the fastest of several is
 * held against the formula.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedLatencyIT extends SimulatedServerContract {
  private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);

  /** Compiles the ways of client and server: a cold machine adds milliseconds to each token. */
  @BeforeAll
  void warmUp() {
    try (ProtocolHarness kit = ProtocolHarness.to(serve(null, "preset", "back-to-back"))) {
      for (int i = 0; i < 800; i++) {
        RequestRecord record = kit.send(chat(200, 10), 1, Map.of());
        assertThat(record.outcome()).as(record.message()).isEqualTo(Outcome.OK);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 2_000})
  void ttft_followsThePrefillRate(int promptTokens) {
    String url = serve(null, "prefillTokensPerSecond", "2000", "ttftBase", "50ms");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      List<RequestRecord> records = warmThenSend(kit, chat(promptTokens, 2), 8);

      // ChatML around the text: the start mark, "user", a line feed; the end mark, a line feed; the
      // start mark, "assis" "tant", a line feed.
      int fed = promptTokens + 9;
      assertThat(records)
          .allMatch(record -> Integer.valueOf(fed).equals(record.usage().inputTokens()));
      assertThat(fastest(records, SimulatedLatencyIT::ttftMillis))
          .isCloseTo(50 + fed / 2.0, TWO_PERCENT);
    }
  }

  @Test
  void batch_slowsDecodeAsStated() {
    String url = serve(null, "decodeStep", "10ms", "decodeStepPerSequence", "3ms");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      assertThat(fastest(warmThenSend(kit, chat(10, 20), 3), SimulatedLatencyIT::tpotMillis))
          .isCloseTo(10, TWO_PERCENT);
      List<RequestRecord> together = new ArrayList<>();
      for (int user = 101; user <= 104; user++) {
        kit.begin(chat(10, 40), user, Map.of());
      }
      for (int i = 0; i < 4; i++) {
        together.add(kit.awaitRecord());
      }

      // 10 + 3 x 3 ms; the four begin and end almost together, which costs a step or so of 39.
      assertThat(fastest(together, SimulatedLatencyIT::tpotMillis))
          .isCloseTo(19, Percentage.withPercentage(4));
    }
  }

  @Test
  void repeatedPrefix_cutsTtftByWhatIsNotComputed() {
    String url =
        serve(null, "prefillTokensPerSecond", "5000", "ttftBase", "30ms", "kvBlocks", "1000");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      RequestRecord first = kit.send(chat(1_000, 2));
      List<RequestRecord> again = warmThenSend(kit, chat(1_000, 2), 8);

      // 1,009 tokens: the prompt's 63 full blocks of 16 are 1,008, and 1 token is left.
      assertThat(first.usage().cachedTokens()).isZero();
      assertThat(again)
          .allMatch(record -> Integer.valueOf(1_008).equals(record.usage().cachedTokens()));
      assertThat(ttftMillis(first)).isGreaterThan(30 + 1_009 / 5.0);
      assertThat(fastest(again, SimulatedLatencyIT::ttftMillis)).isCloseTo(30.2, within(1.0));
    }
  }

  @Test
  void suitePreset_measures199TokensASecond() {
    String url = serve(null);
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      List<RequestRecord> records = warmThenSend(kit, chat(10, 200), 3);

      // 200 tokens in 10 + 199 x 5 = 1,005 ms are 199.0 a second: not 100, its label.
      assertThat(records).allMatch(record -> record.chunks().tokenCount() == 200);
      double seconds = fastest(records, SimulatedLatencyIT::lastMillis) / 1_000;
      assertThat(200 / seconds).isBetween(197.0, 199.01);
    }
  }

  @Test
  void manyStreams_allComeWhole() {
    String url = serve(null, "decodeStep", "10ms");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      for (int user = 1; user <= 300; user++) {
        kit.begin(chat(20, 30), user, Map.of());
      }

      for (int user = 1; user <= 300; user++) {
        RequestRecord record = kit.awaitRecord();
        assertThat(record.outcome()).as(record.message()).isEqualTo(Outcome.OK);
        assertThat(record.chunks().tokenCount()).isEqualTo(30);
      }
    }
  }

  private static LlmRequestBuilder chat(int promptTokens, int maxTokens) {
    // "a" and each " a" are a token.
    String prompt = "a" + " a".repeat(promptTokens - 1);
    return llm("chat").user(prompt).maxTokens(maxTokens).ignoreEos();
  }

  private static List<RequestRecord> warmThenSend(
      ProtocolHarness kit, LlmRequestBuilder request, int count) {
    List<RequestRecord> records = new ArrayList<>();
    for (int i = 0; i < 1 + count; i++) {
      RequestRecord record = kit.send(request, 1, Map.of());
      assertThat(record.outcome()).as(record.message()).isEqualTo(Outcome.OK);
      if (i >= 1) {
        records.add(record);
      }
    }
    return records;
  }

  private static double fastest(
      List<RequestRecord> records, ToDoubleFunction<RequestRecord> measure) {
    return records.stream()
        .map(measure::applyAsDouble)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static double ttftMillis(RequestRecord record) {
    return Objects.requireNonNull(record.stamps().firstContentNanos()) / 1e6;
  }

  private static double lastMillis(RequestRecord record) {
    return Objects.requireNonNull(record.stamps().lastTokenNanos()) / 1e6;
  }

  private static double tpotMillis(RequestRecord record) {
    ChunkTimeline chunks = record.chunks();
    return (lastMillis(record) - ttftMillis(record)) / (chunks.tokenCount() - 1);
  }
}
