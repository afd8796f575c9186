package llmload.report.export.sagellm;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import llmload.metrics.ContractVerdict;
import org.jspecify.annotations.Nullable;

/** JSON of the suite's files: what was not measured is {@code null}. */
final class Nodes {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private Nodes() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An object of numbers, in the map's order; memory in whole MB, as the suite has it. */
  static ObjectNode numbers(Map<String, ? extends @Nullable Number> fields) {
    ObjectNode node = object();
    fields.forEach((name, value) -> put(node, name, value));
    return node;
  }

  static void put(ObjectNode node, String name, @Nullable Number value) {
    if (value == null || !Double.isFinite(value.doubleValue())) {
      node.putNull(name);
    } else if (value instanceof Integer || value instanceof Long || name.equals("peak_mem_mb")) {
      node.put(name, Math.round(value.doubleValue()));
    } else {
      node.put(name, BigDecimal.valueOf(value.doubleValue()));
    }
  }

  /** The contract's verdict. */
  static ObjectNode contract(ContractVerdict verdict) {
    ObjectNode node = object();
    node.put("passed", verdict.passed());
    node.put("version", verdict.version());
    ObjectNode checks = node.putObject("checks");
    ObjectNode details = node.putObject("details");
    for (ContractVerdict.Line line : verdict.lines()) {
      checks.put(line.name(), line.kept());
      details.put(line.name(), line.detail());
    }
    return node.put("summary", verdict.summary());
  }

  static void write(Path file, ObjectNode node) throws IOException {
    Files.writeString(
        file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n");
  }
}
