package llmload.journal;

import static org.assertj.core.api.Assertions.assertThat;

import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JournalCountsTest {

  @Property(tries = 200)
  void footer_ofAnyRun_keepsBothIdentities(
      @ForAll @IntRange(max = 50) int ok,
      @ForAll @IntRange(max = 50) int failed,
      @ForAll @IntRange(max = 50) int incomplete,
      @ForAll @IntRange(max = 50) int withoutLine,
      @ForAll @IntRange(max = 50) int neverSent) {
    JournalCounts counts = new JournalCounts();
    int started = ok + failed + incomplete + withoutLine;
    for (int i = 0; i < started; i++) {
      counts.started(Phase.MEASURE);
    }
    counts.started(Phase.WARMUP);
    counts.written(Outcome.OK, ok);
    counts.written(Outcome.HTTP_5XX, failed);
    counts.written(Outcome.INCOMPLETE, incomplete);

    JournalFooter footer = counts.footer((long) started + neverSent, null);

    assertThat(footer)
        .isEqualTo(
            new JournalFooter(
                started + neverSent,
                started,
                ok,
                failed,
                incomplete + withoutLine,
                neverSent,
                0,
                null));
  }

  @Test
  void footer_withoutPlan_plansWhatWasStarted() {
    JournalCounts counts = new JournalCounts();
    counts.started(Phase.MEASURE);
    counts.written(Outcome.OK, 1);

    assertThat(counts.footer(null, "SIGINT"))
        .isEqualTo(new JournalFooter(1, 1, 1, 0, 0, 0, 0, "SIGINT"));
  }

  @Test
  void footer_moreLinesThanStarts_believesTheLines() {
    JournalCounts counts = new JournalCounts();
    counts.written(Outcome.OK, 2);
    counts.written(Outcome.INCOMPLETE, 1);

    assertThat(counts.footer(3L, null)).isEqualTo(new JournalFooter(3, 3, 2, 0, 1, 0, 0, null));
  }

  @Test
  void live_tellsPhasesApart() {
    JournalCounts counts = new JournalCounts();
    counts.started(Phase.WARMUP);
    counts.started(Phase.WARMUP);
    counts.started(Phase.MEASURE);
    counts.started(Phase.MEASURE);
    counts.started(Phase.MEASURE);
    counts.ended(JournalLineTest.minimal("w", Phase.WARMUP, Outcome.OK));
    counts.ended(JournalLineTest.ok("a"));
    counts.ended(JournalLineTest.minimal("b", Phase.MEASURE, Outcome.EMPTY));
    counts.lost(1);

    // Five were sent and three have ended, so two are active.
    assertThat(counts.live()).isEqualTo(new LiveCounts(3, 1, 1, 0, 2, 2, 1, 0));
  }
}
