package llmload.server;

import static llmload.protocol.LlmDsl.llm;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import llmload.protocol.LlmRequestBuilder;
import llmload.testing.ProtocolHarness;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stated latencies, measured through the kit's own protocol, within two percent.
 *
 * <p>Each measurement is a median, of times long beside what a loaded machine adds to them; one
 * that is off is made again as a whole, at most twice, since the machine may have stood still.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedLatencyIT extends SimulatedServerContract {
  private static final int ATTEMPTS = 3;
  private static final double TOLERANCE_PERCENT = 2;

  /** Compiles the ways of client and server: a cold machine adds milliseconds to each token. */
  @BeforeAll
  void warmUp() {
    try (ProtocolHarness kit = ProtocolHarness.to(serve(null, "preset", "back-to-back"))) {
      for (int i = 0; i < 800; i++) {
        send(kit, chat(200, 10));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 2_000})
  void ttft_followsThePrefillRate(int promptTokens) {
    String url = serve(null, "prefillTokensPerSecond", "2000", "ttftBase", "100ms");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      send(kit, chat(promptTokens, 1));

      // ChatML around the text: the start mark, "user", a line feed; the end mark, a line feed; the
      // start mark, "assis" "tant", a line feed. 2,000 a second are 0.5 ms each, behind 100 ms.
      int fed = promptTokens + 9;
      assertMeasured(
          100 + fed / 2.0,
          () ->
              medianOf(
                  5,
                  () -> {
                    RequestRecord record = send(kit, chat(promptTokens, 1));
                    assertThat(record.usage().inputTokens()).isEqualTo(fed);
                    return ttftMillis(record);
                  }));
    }
  }

  @ParameterizedTest
  @CsvSource({"1,20", "2,30", "4,50"})
  void batch_slowsDecodeAsStated(int streams, double stepMillis) {
    // 20 ms, and 10 ms for each further answer: with steps of each answer's own, and common ones.
    for (String[] steps : new String[][] {{}, {"maxBatchedTokens", "64", "maxBatch", "8"}}) {
      String[] law = {"decodeStep", "20ms", "decodeStepPerSequence", "10ms", "ttftBase", "0ms"};
      String[] all = Arrays.copyOf(law, law.length + steps.length);
      System.arraycopy(steps, 0, all, law.length, steps.length);
      try (ProtocolHarness kit = ProtocolHarness.to(serve(null, all))) {
        together(kit, streams, 2);

        // The streams begin and end almost together, so that the median gap is one of a full batch.
        assertMeasured(
            stepMillis,
            () ->
                median(
                    together(kit, streams, 30).stream()
                        .flatMapToDouble(SimulatedLatencyIT::gapsMillis)));
      }
    }
  }

  @Test
  void promptInCommonSteps_slowsOtherAnswersAsStated() {
    String[] law = {"decodeStep", "20ms", "ttftBase", "0ms", "prefillTokensPerSecond", "2000"};
    String[] all = Arrays.copyOf(law, 10);
    System.arraycopy(new String[] {"maxBatchedTokens", "101", "maxBatch", "8"}, 0, all, 6, 4);
    try (ProtocolHarness kit = ProtocolHarness.to(serve(null, all))) {
      together(kit, 2, 2);

      // Beside a stream, 100 tokens of a prompt fit a step, which then takes 20 + 100 / 2 ms: those
      // of 1,009 take 10 such steps and a short one, of the 60 that the stream has.
      assertMeasured(
          70,
          () -> {
            kit.begin(chat(10, 60), 1, Map.of());
            kit.begin(chat(1_000, 1), 2, Map.of());
            RequestRecord prompted = record(kit);
            RequestRecord streamed = record(kit);
            assertThat(prompted.usage().inputTokens()).isEqualTo(1_009);
            double[] gaps = gapsMillis(streamed).sorted().toArray();
            return median(Arrays.stream(gaps, gaps.length - 9, gaps.length));
          });
    }
  }

  @Test
  void repeatedPrefix_cutsTtftByWhatIsNotComputed() {
    String url =
        serve(null, "prefillTokensPerSecond", "5000", "ttftBase", "30ms", "kvBlocks", "20000");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      int[] prompts = {0};

      // 1,009 tokens: the prompt's 63 full blocks of 16 are 1,008, at 5,000 a second 201.6 ms.
      assertMeasured(
          201.6,
          () ->
              medianOf(
                  5,
                  () -> {
                    LlmRequestBuilder request = chat("x" + prompts[0]++, 1_000, 1);
                    RequestRecord first = send(kit, request);
                    RequestRecord again = send(kit, request);
                    assertThat(first.usage().cachedTokens()).isZero();
                    assertThat(again.usage().cachedTokens()).isEqualTo(1_008);
                    return ttftMillis(first) - ttftMillis(again);
                  }));
    }
  }

  @Test
  void smallCache_evictsWhatIsOldAndComputesItAgain() throws Exception {
    String url =
        serve(null, "prefillTokensPerSecond", "5000", "ttftBase", "30ms", "kvBlocks", "100");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      LlmRequestBuilder one = chat("one", 1_000, 1);
      LlmRequestBuilder other = chat("other", 1_000, 1);

      assertThat(send(kit, one).usage().cachedTokens()).isZero();
      assertThat(send(kit, one).usage().cachedTokens()).isEqualTo(1_008);
      assertThat(metric("llmload:kv_blocks_evicted_total")).isZero();
      assertThat(send(kit, other).usage().cachedTokens()).isZero();

      // A prompt holds 64 of 100 blocks, 63 of them known. The other took the 36 spare ones, the
      // one that was not known, and the last 27 of the first prompt: 36 x 16 tokens are left.
      assertThat(metric("llmload:kv_blocks_evicted_total")).isEqualTo(27);
      assertThat(send(kit, one).usage().cachedTokens()).isEqualTo(576);
    }
  }

  @Test
  void suitePresetLabelled100_measures199TokensASecond_trapT24() {
    try (ProtocolHarness kit = ProtocolHarness.to(serve(null, "preset", "suite10-5"))) {
      send(kit, chat(10, 20));

      // 200 tokens in 10 + 199 x 5 = 1,005 ms are 199.0 a second, a stream: not 100, its label.
      assertMeasured(
          199,
          () ->
              medianOf(
                  3,
                  () -> {
                    RequestRecord record = send(kit, chat(10, 200));
                    assertThat(record.chunks().tokenCount()).isEqualTo(200);
                    return 200 / (lastMillis(record) / 1_000);
                  }));
    }
  }

  @Test
  void sameSeed_sameTokens() {
    try (ProtocolHarness kit = ProtocolHarness.to(serve(null, "preset", "back-to-back"))) {
      String first = said(kit, chat(10, 100).seed(1));

      assertThat(first).hasSizeGreaterThan(200);
      assertThat(said(kit, chat(10, 100).seed(1))).isEqualTo(first);
      assertThat(said(kit, chat(10, 100).seed(2))).isNotEqualTo(first);
    }
  }

  @Test
  void manyStreams_allComeWhole() {
    String url = serve(null, "decodeStep", "10ms");
    try (ProtocolHarness kit = ProtocolHarness.to(url)) {
      assertThat(together(kit, 300, 30)).allMatch(record -> record.chunks().tokenCount() == 30);
    }
  }

  private static void assertMeasured(double expected, DoubleSupplier measurement) {
    List<Double> measured = new ArrayList<>();
    do {
      measured.add(measurement.getAsDouble());
    } while (measured.size() < ATTEMPTS && !isClose(measured.get(measured.size() - 1), expected));
    assertThat(measured.get(measured.size() - 1))
        .as("the last of %s", measured)
        .isCloseTo(expected, Percentage.withPercentage(TOLERANCE_PERCENT));
  }

  private static boolean isClose(double measured, double expected) {
    return Math.abs(measured - expected) <= expected * TOLERANCE_PERCENT / 100;
  }

  private static double medianOf(int count, DoubleSupplier measurement) {
    return median(DoubleStream.generate(measurement).limit(count));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static LlmRequestBuilder chat(int promptTokens, int maxTokens) {
    return chat("a", promptTokens, maxTokens);
  }

  private static LlmRequestBuilder chat(String firstToken, int promptTokens, int maxTokens) {
    // Each " a" is a token.
    String prompt = firstToken + " a".repeat(promptTokens - 1);
    return llm("chat").user(prompt).maxTokens(maxTokens).ignoreEos();
  }

  private static List<RequestRecord> together(ProtocolHarness kit, int streams, int maxTokens) {
    for (int user = 1; user <= streams; user++) {
      kit.begin(chat(10, maxTokens), user, Map.of());
    }
    return IntStream.range(0, streams).mapToObj(i -> record(kit)).toList();
  }

  private static RequestRecord send(ProtocolHarness kit, LlmRequestBuilder request) {
    kit.begin(request, 1, Map.of());
    return record(kit);
  }

  private static RequestRecord record(ProtocolHarness kit) {
    RequestRecord record = kit.awaitRecord();
    assertThat(record.outcome()).as(record.message()).isEqualTo(Outcome.OK);
    return record;
  }

  private static String said(ProtocolHarness kit, LlmRequestBuilder request) {
    send(kit, request.saveReplyAs("reply"));
    return String.valueOf(kit.awaitOnward().attributes().get("reply"));
  }

  /** The gaps between tokens, without the first token's own. */
  private static DoubleStream gapsMillis(RequestRecord record) {
    return Arrays.stream(record.chunks().gapMicros()).skip(1).mapToDouble(micros -> micros / 1e3);
  }

  private static double ttftMillis(RequestRecord record) {
    return Objects.requireNonNull(record.stamps().firstContentNanos()) / 1e6;
  }

  private static double lastMillis(RequestRecord record) {
    return Objects.requireNonNull(record.stamps().lastTokenNanos()) / 1e6;
  }
}
