package llmload.metrics;

import static llmload.metrics.RequestFixture.chat;
import static llmload.metrics.RequestFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import llmload.model.CoreMetric;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
  @Test
  void sample_reasoningThenContent_ttftAtReasoningAndTtfotAtContent() {
    RequestRecord request = chat(500).reasoning(100).content(350).lastToken(450).build();
    assertThat(RequestMetrics.sample(CoreMetric.TTFT, request)).hasValue(100);
    assertThat(RequestMetrics.sample(CoreMetric.TTFOT, request)).hasValue(350);
  }

  @Test
  void sample_toolCallOnly_ttftAtToolCallAndNoTtfot() {
    RequestRecord request = chat(500).toolCall(120).lastToken(450).build();
    assertThat(RequestMetrics.sample(CoreMetric.TTFT, request)).hasValue(120);
    assertThat(RequestMetrics.sample(CoreMetric.TTFOT, request)).isEmpty();
  }

  @Test
  void sample_notStreamed_hasE2eToTheEndAndNoTokenTimes() {
    // The stamp of a content that came with the whole body must not pass for a TTFT.
    RequestRecord request =
        chat(800)
            .notStreamed()
            .intended(-5)
            .content(799)
            .lastToken(799)
            .usage(10, 40)
            .terminator(799)
            .build();
    for (CoreMetric metric :
        List.of(
            CoreMetric.TTFT,
            CoreMetric.TTFOT,
            CoreMetric.TPOT,
            CoreMetric.TTFT_FROM_INTENDED,
            CoreMetric.E2E_TERMINATED)) {
      assertThat(RequestMetrics.sample(metric, request)).as(metric.id()).isEmpty();
    }
    assertThat(RequestMetrics.sample(CoreMetric.E2E, request)).hasValue(800);
    assertThat(RequestMetrics.sample(CoreMetric.E2E_FROM_INTENDED, request)).hasValue(805);
    // 800 ms for 40 tokens.
    assertThat(RequestMetrics.sample(CoreMetric.E2E_PER_OUTPUT_TOKEN, request)).hasValue(20);
    // 40 tokens in 0.8 s.
    assertThat(RequestMetrics.sample(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER, request))
        .hasValue(50);
  }

  @Test
  void sample_health_isNoStream() {
    RequestRecord health = chat(3).kind(RequestKind.HEALTH).build();
    assertThat(RequestMetrics.isStreamed(health)).isFalse();
    assertThat(RequestMetrics.sample(CoreMetric.E2E, health)).hasValue(3);
  }

  @Test
  void sample_streamWithoutAToken_hasNoE2e() {
    assertThat(RequestMetrics.sample(CoreMetric.E2E, chat(900).build())).isEmpty();
  }

  @Test
  void sample_faultRow33OneToken_hasNoTpot() {
    RequestRecord request = stream(100).usage(5, 1).build();
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, request)).isEmpty();
    assertThat(samples(CoreMetric.ITL, request)).isEmpty();
    assertThat(RequestMetrics.sample(CoreMetric.STALLS, request)).isEmpty();
    assertThat(RequestMetrics.sample(CoreMetric.E2E, request)).hasValue(100);
  }

  @Test
  void sample_faultRow36ThirtyTwoTokensAChunk_tpotAndItlByTokens() {
    // 3 chunks of 32 tokens, 320 ms apart: 95 gaps between tokens in 640 ms.
    RequestRecord request = stream(new int[] {50, 320, 320}, new int[] {32, 32, 32}).build();
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, request).orElseThrow())
        .isCloseTo(640.0 / 95, within(1e-9));
    assertThat(samples(CoreMetric.ITL, request)).containsExactly("10.0 x32", "10.0 x32");
    assertThat(samples(CoreMetric.INTER_CHUNK, request)).containsExactly("320.0 x1", "320.0 x1");
    assertThat(samples(CoreMetric.TOKENS_PER_CHUNK, request))
        .containsExactly("32.0 x1", "32.0 x1", "32.0 x1");
  }

  @Test
  void sample_faultRow36AllTokensInOneChunk_tpotIsNothingBetweenThem() {
    RequestRecord request = stream(new int[] {70}, new int[] {5_000}).build();
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, request)).hasValue(0);
    assertThat(samples(CoreMetric.ITL, request)).isEmpty();
    assertThat(samples(CoreMetric.INTER_CHUNK, request)).isEmpty();
  }

  @Test
  void itl_chunkWithoutAToken_passesItsGapOn() {
    // 30 + 10 ms for the two tokens of the third chunk.
    RequestRecord request = stream(new int[] {50, 30, 10}, new int[] {1, 0, 2}).build();
    assertThat(samples(CoreMetric.ITL, request)).containsExactly("20.0 x2");
  }

  @Test
  void outputTokens_usageAndChunks_usageWins() {
    RequestRecord counted = stream(100, 10, 10).usage(5, 10).build();
    assertThat(RequestMetrics.outputTokens(counted)).hasValue(10);
    // 20 ms over the 9 gaps of 10 tokens.
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, counted).orElseThrow())
        .isCloseTo(20.0 / 9, within(1e-9));
    assertThat(RequestMetrics.outputTokens(stream(100, 10, 10).build())).hasValue(3);
    assertThat(RequestMetrics.outputTokens(chat(10).build())).isEmpty();
  }

  @Test
  void sample_zeroTokens_hasNoRate() {
    RequestRecord request = chat(100).notStreamed().usage(5, 0).build();
    assertThat(RequestMetrics.sample(CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER, request))
        .isEmpty();
    assertThat(RequestMetrics.sample(CoreMetric.E2E_PER_OUTPUT_TOKEN, request)).isEmpty();
  }

  @Test
  void sample_e2ePerOutputToken_firstTokenIsInIt() {
    // The last of 4 tokens came 100 + 3 x 20 ms after the request was sent; tpot has only the 20.
    RequestRecord request = stream(100, 20, 20, 20).terminator(900).end(901).build();
    assertThat(RequestMetrics.sample(CoreMetric.E2E_PER_OUTPUT_TOKEN, request)).hasValue(40);
    assertThat(RequestMetrics.sample(CoreMetric.TPOT, request)).hasValue(20);
  }

  @Test
  void sample_intended_lagIsAddedToLatencies() {
    RequestRecord request = stream(100, 50).intended(1_000).sent(1_007).build();
    assertThat(RequestMetrics.sample(CoreMetric.SEND_LAG, request)).hasValue(7);
    assertThat(RequestMetrics.sample(CoreMetric.TTFT_FROM_INTENDED, request)).hasValue(107);
    assertThat(RequestMetrics.sample(CoreMetric.E2E_FROM_INTENDED, request)).hasValue(157);
    assertThat(RequestMetrics.sample(CoreMetric.SEND_LAG, stream(100).build())).isEmpty();
  }

  @Test
  void stalls_gapsBothLongAndUnusual_areCounted() {
    // Median of {20, 20, 150, 20, 300}: 20, limit max(100, 100): both.
    assertThat(stalls(40, 20, 20, 150, 20, 300)).isEqualTo(2);
    // Median of {80, 80, 300, 80, 401}: 80, limit 400: only 401. The first gap is the TTFT.
    assertThat(stalls(900, 80, 80, 300, 80, 401)).isEqualTo(1);
    // Median 10: 60 exceeds five of it and not 100 ms, 150 exceeds both.
    assertThat(stalls(40, 10, 10, 10, 60, 150)).isEqualTo(1);
    // Exactly at a limit is no stall.
    assertThat(stalls(40, 10, 10, 100)).isEqualTo(0);
    assertThat(stalls(40, 80, 80, 400)).isEqualTo(0);
    // Median of two gaps by nearest rank is the lower one.
    assertThat(stalls(40, 10, 101)).isEqualTo(1);
  }

  @Test
  void sample_metricWithManySamplesOrNone_throws() {
    RequestRecord request = stream(1, 2).build();
    assertThatThrownBy(() -> RequestMetrics.sample(CoreMetric.ITL, request))
        .hasMessageContaining("Found: itl.");
    assertThatThrownBy(() -> RequestMetrics.sample(CoreMetric.ERROR_RATE, request))
        .hasMessageContaining("Found: error_rate.");
  }

  @Property(tries = 200)
  void itl_anyStream_sumsUpToTheTimeAfterTheFirstChunk(
      @ForAll @Size(min = 2, max = 50) List<@IntRange(min = 0, max = 2_000) Integer> gaps,
      @ForAll @IntRange(min = 1, max = 9) int tokensPerChunk) {
    int[] millis = gaps.stream().mapToInt(Integer::intValue).toArray();
    int[] tokens = gaps.stream().mapToInt(gap -> tokensPerChunk).toArray();
    RequestRecord request = stream(millis, tokens).build();
    double[] sums = new double[2];
    RequestMetrics.forEachSample(
        CoreMetric.ITL,
        request,
        (value, weight) -> {
          sums[0] += value * weight;
          sums[1] += weight;
        });
    double decodeMillis = gaps.stream().skip(1).mapToInt(Integer::intValue).sum();
    assertThat(sums[0]).isCloseTo(decodeMillis, within(1e-6));
    assertThat(sums[1]).isEqualTo((gaps.size() - 1.0) * tokensPerChunk);
  }

  @Property(tries = 100)
  void sample_everythingTwiceAsSlow_doublesLatenciesAndHalvesTheRate(
      @ForAll @Size(min = 2, max = 20) List<@IntRange(min = 1, max = 2_000) Integer> gaps) {
    RequestRecord once = stream(gaps.stream().mapToInt(gap -> gap).toArray()).build();
    RequestRecord twice = stream(gaps.stream().mapToInt(gap -> 2 * gap).toArray()).build();
    for (CoreMetric metric : List.of(CoreMetric.TTFT, CoreMetric.TPOT, CoreMetric.E2E)) {
      assertThat(RequestMetrics.sample(metric, twice).orElseThrow())
          .isCloseTo(2 * RequestMetrics.sample(metric, once).orElseThrow(), within(1e-6));
    }
    CoreMetric rate = CoreMetric.OUTPUT_TOKENS_PER_SECOND_PER_USER;
    assertThat(2 * RequestMetrics.sample(rate, twice).orElseThrow())
        .isCloseTo(RequestMetrics.sample(rate, once).orElseThrow(), within(1e-6));
  }

  @Test
  void serverTimings_areMillisecondsAndARate_andAbsentWhereNotTold() {
    // 256 tokens in 4.102337 s, as Ollama's own documentation reckons.
    RequestRecord told = stream(100, 50).usage(31, 256).serverTook(2.5, 402.118, 4_102.337).build();

    assertThat(RequestMetrics.sample(CoreMetric.SERVER_PREFILL, told)).hasValue(402.118);
    assertThat(
            RequestMetrics.sample(CoreMetric.SERVER_DECODE_TOKENS_PER_SECOND, told).orElseThrow())
        .isCloseTo(62.4034, within(1e-4));
    RequestRecord silent = stream(100, 50).usage(31, 256).build();
    assertThat(RequestMetrics.sample(CoreMetric.SERVER_PREFILL, silent)).isEmpty();
    assertThat(RequestMetrics.sample(CoreMetric.SERVER_DECODE_TOKENS_PER_SECOND, silent)).isEmpty();
  }

  private static double stalls(int... gapMillis) {
    return RequestMetrics.sample(CoreMetric.STALLS, stream(gapMillis).build()).orElseThrow();
  }

  private static List<String> samples(CoreMetric metric, RequestRecord request) {
    List<String> samples = new ArrayList<>();
    RequestMetrics.forEachSample(
        metric, request, (value, weight) -> samples.add(value + " x" + weight));
    return samples;
  }
}
