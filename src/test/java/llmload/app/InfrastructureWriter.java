package llmload.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmload.report.Figures;
import llmload.report.ForeignText;
import org.jspecify.annotations.Nullable;

/** Infrastructure results as a table or as JSON. */
final class InfrastructureWriter {
  private static final List<String> HEADS =
      List.of("Test Name", "Duration (s)", "Tokens", "Tokens/s", "us/call", "Speedup");

  private InfrastructureWriter() {}

  /** Writes the table, what was compared, and what failed. */
  static void table(List<InfrastructureResult> results, List<String> notes, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    for (InfrastructureResult result : results) {
      Long tokens = result.totalTokenCount();
      rows.add(
          List.of(
              result.name(),
              figure(result.durationSeconds()),
              tokens == null ? Figures.ABSENT : Figures.count(tokens),
              figure(result.tokensPerSecond()),
              figure(result.metrics().get("avg_time_us")),
              figure(result.metrics().get("speedup"))));
    }
    int[] widths = new int[HEADS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String format = "%" + (i == 0 ? "-" : "") + widths[i] + "s  ";
        line.append(String.format(Locale.ROOT, format, row.get(i)));
      }
      out.println(line.toString().stripTrailing());
    }
    notes.forEach(note -> out.println(ForeignText.line(note, 300)));
    for (InfrastructureResult result : results) {
      if (!result.success()) {
        out.println("FAILED " + result.name() + ": " + ForeignText.line(error(result), 300));
      }
    }
    out.flush();
  }

  private static String error(InfrastructureResult result) {
    String error = result.error();
    return error == null ? "" : error;
  }

  private static String figure(@Nullable Object number) {
    return number instanceof Number value ? Figures.of(value.doubleValue()) : Figures.ABSENT;
  }

  /**
   * Writes one JSON object: {@code timestamp}, {@code notes}, {@code results}.
   *
   * @throws IOException if {@code out} fails
   */
  static void json(
      List<InfrastructureResult> results, List<String> notes, Instant now, PrintWriter out)
      throws IOException {
    JsonGenerator json = new JsonFactory().createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    json.useDefaultPrettyPrinter();
    json.writeStartObject();
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    json.writeNumberField("timestamp", BigDecimal.valueOf(micros, 6));
    json.writeArrayFieldStart("notes");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("results");
    for (InfrastructureResult result : results) {
      result(json, result);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.close();
    out.println();
    out.flush();
  }

  private static void result(JsonGenerator json, InfrastructureResult result) throws IOException {
    json.writeStartObject();
    field(json, "name", result.name());
    field(json, "duration", result.durationSeconds());
    field(json, "iterations", result.iterationCount());
    field(json, "total_tokens", result.totalTokenCount());
    field(json, "input_tokens", result.inputTokenCount());
    field(json, "output_tokens", result.outputTokenCount());
    field(json, "success", result.success());
    field(json, "error", result.error());
    json.writeObjectFieldStart("metrics");
    for (Map.Entry<String, Object> metric : result.metrics().entrySet()) {
      field(json, metric.getKey(), metric.getValue());
    }
    json.writeEndObject();
    field(json, "agent_id", result.agentId());
    field(json, "tokens_per_sec", result.tokensPerSecond());
    field(json, "output_tps", result.outputTokensPerSecond());
    field(json, "latency_ms_per_token", result.millisPerToken());
    field(json, "latency_ms", result.millisPerIteration());
    json.writeEndObject();
  }

  private static void field(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    json.writeFieldName(name);
    if (value instanceof Boolean yes) {
      json.writeBoolean(yes);
    } else if (value instanceof Long count) {
      json.writeNumber(count.longValue());
    } else if (value instanceof Number number) {
      json.writeNumber(number.doubleValue());
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }
}
