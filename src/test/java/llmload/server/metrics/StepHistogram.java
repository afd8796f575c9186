package llmload.server.metrics;

import java.util.List;
import llmload.server.engine.EngineFigures;

/**
 * vLLM's histogram {@code vllm:iteration_tokens_total} as text: the client library takes the end of
 * that name for a counter's.
 */
final class StepHistogram {
  private static final String NAME = "vllm:iteration_tokens_total";

  /** vLLM's bounds, each a power of two: 1, 8, 16 and so on to 16,384. */
  private static final List<Integer> BOUND_EXPONENTS =
      List.of(0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);

  private final String labels;

  StepHistogram(String engine, String modelName) {
    String escaped = modelName.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    labels = "engine=\"" + engine + "\",model_name=\"" + escaped + "\"";
  }

  /** The lines of the histogram. */
  String text(EngineFigures.Steps steps) {
    StringBuilder out = new StringBuilder();
    out.append("# HELP " + NAME + " Tokens of prompts and answers that a step computed.\n");
    out.append("# TYPE " + NAME + " histogram\n");
    for (int exponent : BOUND_EXPONENTS) {
      long below = steps.countBySize().subList(0, exponent + 1).stream().mapToLong(n -> n).sum();
      bucket(out, (1L << exponent) + ".0", below);
    }
    bucket(out, "+Inf", steps.stepCount());
    out.append(NAME + "_count{").append(labels).append("} ").append(steps.stepCount()).append('\n');
    out.append(NAME + "_sum{").append(labels).append("} ").append(steps.tokenCount()).append('\n');
    return out.toString();
  }

  private void bucket(StringBuilder out, String bound, long count) {
    out.append(NAME + "_bucket{").append(labels).append(",le=\"").append(bound);
    out.append("\"} ").append(count).append('\n');
  }
}
