package llmload.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import llmload.server.engine.EngineFigures;
import org.junit.jupiter.api.Test;

class StepHistogramTest {
  @Test
  void text_hasVllmsBoundsAndCumulativeCounts() {
    List<Long> sizes = new ArrayList<>(Collections.nCopies(EngineFigures.Steps.SIZES, 0L));
    sizes.set(0, 2L); // two steps of 1 token
    sizes.set(2, 3L); // three of 3 to 4
    sizes.set(7, 1L); // one of 65 to 128
    sizes.set(20, 1L); // one beyond every bound

    String text = new StepHistogram("0", "a\"b").text(new EngineFigures.Steps(7, 1_000_100, sizes));

    assertThat(text)
        .startsWith("# HELP vllm:iteration_tokens_total ")
        .contains("# TYPE vllm:iteration_tokens_total histogram\n")
        .contains("_bucket{engine=\"0\",model_name=\"a\\\"b\",le=\"1.0\"} 2\n")
        .contains("le=\"8.0\"} 5\n", "le=\"64.0\"} 5\n", "le=\"128.0\"} 6\n")
        .contains("le=\"16384.0\"} 6\n", "le=\"+Inf\"} 7\n")
        .contains("vllm:iteration_tokens_total_count{engine=\"0\",model_name=\"a\\\"b\"} 7\n")
        .endsWith("vllm:iteration_tokens_total_sum{engine=\"0\",model_name=\"a\\\"b\"} 1000100\n");
    assertThat(text.lines().filter(line -> line.contains("_bucket{"))).hasSize(14);
  }
}
