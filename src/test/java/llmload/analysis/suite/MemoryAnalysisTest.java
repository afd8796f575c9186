package llmload.analysis.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmload.metrics.RequestFixture;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MemoryAnalysisTest {
  private static final Offset<Double> NEAR = within(1e-9);

  // Llama 3.1 8B at 4 bits: 32 layers, 8 heads of 128, blocks of 256 tokens. An element takes half
  // a byte, 64 of them 4 bytes more: 2 x 8 x 128 x 256 = 524,288 elements x 0.5625 = 294,912 bytes
  // a layer and block, 9 MiB over the 32 layers.
  private static final Map<String, String> SHAPE = Map.of("memory.kvShape", "32,8,128,4,256");

  private static RequestRecord turn(int step, String session, double sentSeconds) {
    return RequestFixture.chat(1_000)
        .name("sessions_" + step)
        .session(session)
        .tag("sessions", Integer.toString(step))
        .sent(sentSeconds * 1_000)
        .usage(900, 100)
        .build();
  }

  /** One session from 1 s to 2 s, two more from 10 s to 11 s. */
  private static List<RequestRecord> threeSessions() {
    return List.of(turn(1, "a", 1), turn(3, "b", 10), turn(3, "c", 10));
  }

  private static final List<TelemetrySample> READINGS =
      List.of(
          SuiteFixture.resident(0.1, 5_000),
          // In a step memory is on its way: such readings count for nothing.
          SuiteFixture.resident(1.5, 9_000),
          SuiteFixture.resident(3, 5_039),
          SuiteFixture.resident(4, 5_040),
          SuiteFixture.resident(5, 5_900),
          SuiteFixture.resident(10.5, 9_000),
          SuiteFixture.resident(12, 5_124));

  @Test
  void residentMemory_isComparedWithTheoryAndTheModel() {
    SuiteFixture memory = SuiteFixture.of("memory", SHAPE, threeSessions(), READINGS);

    // The median of 5,039, 5,040 and 5,900 less the 5,000 before any session.
    assertThat(memory.value("sessions_1", "cache_memory")).isCloseTo(40, NEAR);
    // 1,000 tokens are 4 blocks, 36 MiB; 4 MiB more than that are a ninth of it.
    assertThat(memory.number("memory_scaling", 0, "theoretical_memory")).isCloseTo(36, NEAR);
    assertThat(memory.value("sessions_1", "memory_overhead")).isCloseTo(1 / 9.0, NEAR);
    // 24 of 1,024 tokens are padding.
    assertThat(memory.value("sessions_1", "padding_overhead")).isCloseTo(0.024, NEAR);
    assertThat(memory.value("sessions_3", "cache_memory")).isCloseTo(124, NEAR);
    assertThat(memory.value("sessions_3", "memory_per_agent")).isCloseTo(124 / 3.0, NEAR);
    assertThat(memory.number("memory_scaling", 1, "total_memory_per_session"))
        .isCloseTo(5_124 / 3.0, NEAR);
    // Three sessions are 108 MiB by theory.
    assertThat(memory.value("sessions_3", "memory_overhead")).isCloseTo(16 / 108.0, NEAR);
    assertThat(memory.number("memory_model", 0, "model_memory")).isCloseTo(5_000, NEAR);
    assertThat(memory.number("memory_model", 0, "cache_model_ratio")).isCloseTo(0.0248, NEAR);
    // From (1, 5,040) to (3, 5,124): 42 a session, 4,998 without any.
    assertThat(memory.number("memory_model", 0, "slope_per_session")).isCloseTo(42, NEAR);
    assertThat(memory.number("memory_model", 0, "intercept")).isCloseTo(4_998, NEAR);
    assertThat(memory.remarks())
        .contains("Memory is by the resident memory of the server's process.");
  }

  @Test
  void ownFigures_countMoreThanTheProcess() {
    List<RequestRecord> requests = new ArrayList<>(threeSessions());
    for (double[] figure : new double[][] {{0.5, 7}, {6, 47}, {20, 127}}) {
      requests.add(
          RequestFixture.chat(1)
              .kind(RequestKind.OPERATION)
              .name("memory")
              .tag("check.active_memory_mb", Double.toString(figure[1]))
              .sent(figure[0] * 1_000)
              .build());
    }
    SuiteFixture memory = SuiteFixture.of("memory", SHAPE, requests, READINGS);

    assertThat(memory.value("sessions_3", "cache_memory")).isCloseTo(120, NEAR);
    assertThat(memory.number("memory_model", 0, "cache_model_ratio")).isCloseTo(120 / 7.0, NEAR);
  }

  @Test
  void unwatchedServer_hasNoMemory_andTheReason() {
    SuiteFixture memory =
        SuiteFixture.of(
            "memory", SHAPE, threeSessions(), List.of(SuiteFixture.missed("no such process")));

    String reason =
        "not measured: the server told no figures of its own, and its process was not watched"
            + " (no such process)";
    assertThat(memory.metric("sessions_3", "cache_memory").value()).isNull();
    assertThat(memory.metric("sessions_3", "cache_memory").notMeasured()).isEqualTo(reason);
    assertThat(memory.metric("sessions_3", "memory_overhead").notMeasured()).startsWith(reason);
    assertThat(memory.cell("memory_model", 0, "cache_model_ratio")).isNull();
    assertThat(memory.cell("memory_scaling", 1, "total_memory")).isNull();
    assertThat(memory.remarks()).contains("The server's memory: " + reason + ".");
    // What needs no memory is there all the same.
    assertThat(memory.value("sessions_3", "padding_overhead")).isCloseTo(0.024, NEAR);
  }

  @Test
  void unknownShape_leavesTheoryOut_notTheMeasurement() {
    SuiteFixture memory = SuiteFixture.of("memory", Map.of(), threeSessions(), READINGS);

    assertThat(memory.value("sessions_3", "cache_memory")).isCloseTo(124, NEAR);
    assertThat(memory.metric("sessions_3", "memory_overhead").value()).isNull();
    assertThat(memory.metric("sessions_3", "padding_overhead").value()).isNull();
  }
}
