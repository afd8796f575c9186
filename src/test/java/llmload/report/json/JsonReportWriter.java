package llmload.report.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Writer;
import llmload.model.RunReport;
import llmload.report.ReportWriter;

/**
 * The report for programs, {@code report.json}; its JSON Schema is {@code
 * llmload/report.schema.json}.
 *
 * <p>What was not measured is {@code null}, never 0; numbers are plain decimals, unrounded.
 */
public final class JsonReportWriter implements ReportWriter {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  @Override
  public String format() {
    return "json";
  }

  @Override
  public String fileName() {
    return "report.json";
  }

  @Override
  public void write(RunReport report, Writer out) throws IOException {
    try (JsonGenerator generator = MAPPER.writerWithDefaultPrettyPrinter().createGenerator(out)) {
      generator.writeTree(new JsonReport(report).tree());
    }
    out.write('\n');
    out.flush();
  }
}
