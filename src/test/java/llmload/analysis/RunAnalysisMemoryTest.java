package llmload.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import llmload.model.ChunkTimeline;
import llmload.model.MetricSummary;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.RunMeasurements;
import llmload.model.Stamps;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.junit.jupiter.api.Test;

class RunAnalysisMemoryTest {
  private static final int TOKENS = 100;

  @Test
  void accept_twoHundredThousandRequests_keepsNoneOfThem() {
    RunAnalysis analysis = new RunAnalysis(ManifestFixture.open());
    Random random = new Random(11);
    int count = 200_000;
    long before = heapUsedBytes();
    for (int i = 0; i < count; i++) {
      analysis.accept(request(i, random));
    }
    long grownBytes = heapUsedBytes() - before;
    RunMeasurements run = analysis.finish(null, count, 0);
    // Kept as they are, 20,000,000 gaps alone take 80 MB in the smallest form.
    assertThat(grownBytes).isLessThan(60L << 20);
    Map<String, MetricSummary> all = requireNonNull(run.metrics().get("all"));
    MetricSummary itl = requireNonNull(all.get("itl"));
    assertThat(itl.count()).isEqualTo((TOKENS - 1L) * count);
    // Gaps are uniform over 5,000 … 14,999 µs: mean 9.9995 ms, p90 13.999 ms.
    assertThat(itl.mean()).isNotNull().isCloseTo(9.9995, within(0.01));
    assertThat(itl.percentiles().get("p90")).isNotNull().isCloseTo(13.999, within(0.03));
    assertThat(run.series().stream().mapToLong(point -> point.outputTokenCount()).sum())
        .isEqualTo((long) TOKENS * count);
  }

  private static RequestRecord request(int i, Random random) {
    int[] gaps = new int[TOKENS];
    int[] tokens = new int[TOKENS];
    Arrays.fill(tokens, 1);
    long micros = 0;
    for (int k = 0; k < TOKENS; k++) {
      gaps[k] = 5_000 + random.nextInt(10_000);
      micros += gaps[k];
    }
    long intended = i * 500_000L;
    long firstToken = gaps[0] * 1_000L;
    long last = micros * 1_000;
    return new RequestRecord(
        "r" + i,
        "scenario",
        "chat",
        i % 64,
        0,
        Phase.MEASURE,
        intended,
        intended + 1_000,
        new Stamps(1L, 2L, 3L, 4L, null, null, firstToken, null, last, last, last),
        new ChunkTimeline(gaps, tokens),
        200,
        Outcome.OK,
        null,
        "stop",
        new TokenUsage(20, TOKENS, 0, null, TokenCountSource.USAGE),
        null,
        20_000,
        "1.1",
        null,
        Map.of());
  }

  private static long heapUsedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
