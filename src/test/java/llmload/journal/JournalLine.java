package llmload.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import llmload.model.ChunkTimeline;
import llmload.model.JournalFooter;
import llmload.model.RequestRecord;
import llmload.model.Stamps;
import llmload.model.TelemetrySample;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a journal as they are written: one JSON object each, ASCII only, closed by one line
 * feed. What was not seen is left out.
 */
final class JournalLine {
  /** The version of the layout, the field {@code v} of each line. */
  static final int VERSION = 1;

  // Beyond ASCII everything is escaped: some readers split lines at U+0085 or U+2028 too, and an
  // unpaired surrogate, which UTF-8 cannot carry, survives as an escape.
  private static final JsonFactory JSON =
      new JsonFactoryBuilder().highestNonEscapedChar(127).build();

  private JournalLine() {}

  /** Writes the line of one request. */
  static void write(RequestRecord record, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("v", VERSION);
      json.writeStringField("id", record.id());
      json.writeStringField("scenario", record.scenario());
      json.writeStringField("request", record.request());
      json.writeNumberField("user", record.user());
      json.writeNumberField("turn", record.turn());
      json.writeStringField("phase", record.phase().id());
      number(json, "intendedNanos", record.intendedNanos());
      json.writeNumberField("sentNanos", record.sentNanos());
      stamps(json, record.stamps());
      chunks(json, record.chunks());
      number(json, "status", record.status());
      json.writeStringField("outcome", record.outcome().name());
      text(json, "message", record.message());
      text(json, "finishReason", record.finishReason());
      usage(json, record.usage());
      number(json, "serverLoadNanos", record.timings().loadNanos());
      number(json, "serverPrefillNanos", record.timings().prefillNanos());
      number(json, "serverDecodeNanos", record.timings().decodeNanos());
      if (record.schemaValid() != null) {
        json.writeBooleanField("schemaValid", record.schemaValid());
      }
      json.writeNumberField("bytesReceived", record.bytesReceived());
      text(json, "httpVersion", record.httpVersion());
      text(json, "session", record.session());
      words(json, "tags", record.tags());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** Writes the line of one telemetry sample; numbers that are not finite count as absent. */
  static void write(TelemetrySample sample, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("v", VERSION);
      json.writeStringField("source", sample.source());
      json.writeNumberField("atNanos", sample.atNanos());
      json.writeObjectFieldStart("values");
      for (Map.Entry<String, Double> value : new TreeMap<>(sample.values()).entrySet()) {
        if (Double.isFinite(value.getValue())) {
          json.writeNumberField(value.getKey(), value.getValue());
        }
      }
      json.writeEndObject();
      words(json, "labels", sample.labels());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** Writes the last line. */
  static void write(JournalFooter footer, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeBooleanField("footer", true);
      json.writeNumberField("planned", footer.plannedCount());
      json.writeNumberField("started", footer.startedCount());
      json.writeNumberField("ok", footer.okCount());
      json.writeNumberField("failed", footer.failedCount());
      json.writeNumberField("incomplete", footer.incompleteCount());
      json.writeNumberField("dropped", footer.droppedCount());
      json.writeNumberField("lost", footer.lostCount());
      text(json, "interruptedBy", footer.interruptedBy());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void stamps(JsonGenerator json, Stamps stamps) throws IOException {
    number(json, "connectedNanos", stamps.connectedNanos());
    number(json, "headersNanos", stamps.headersNanos());
    number(json, "firstByteNanos", stamps.firstByteNanos());
    number(json, "firstEventNanos", stamps.firstEventNanos());
    number(json, "roleNanos", stamps.roleNanos());
    number(json, "firstReasoningNanos", stamps.firstReasoningNanos());
    number(json, "firstContentNanos", stamps.firstContentNanos());
    number(json, "firstToolCallNanos", stamps.firstToolCallNanos());
    number(json, "lastTokenNanos", stamps.lastTokenNanos());
    number(json, "terminatorNanos", stamps.terminatorNanos());
    json.writeNumberField("endNanos", stamps.endNanos());
  }

  private static void chunks(JsonGenerator json, ChunkTimeline chunks) throws IOException {
    if (chunks.size() > 0) {
      json.writeFieldName("chunkGapsMicros");
      json.writeArray(chunks.gapMicros(), 0, chunks.size());
      json.writeFieldName("chunkTokens");
      json.writeArray(chunks.tokens(), 0, chunks.size());
    }
  }

  private static void usage(JsonGenerator json, TokenUsage usage) throws IOException {
    number(json, "inputTokens", usage.inputTokens());
    number(json, "outputTokens", usage.outputTokens());
    number(json, "cachedTokens", usage.cachedTokens());
    number(json, "reasoningTokens", usage.reasoningTokens());
    if (usage.source() != null) {
      json.writeStringField("tokenCountSource", usage.source().id());
    }
  }

  private static void words(JsonGenerator json, String name, Map<String, String> words)
      throws IOException {
    if (words.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(name);
    // Sorted: the order of an immutable map differs from one JVM to the next.
    for (Map.Entry<String, String> word : new TreeMap<>(words).entrySet()) {
      json.writeStringField(word.getKey(), word.getValue());
    }
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, @Nullable Long value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(name, value.longValue());
    }
  }

  private static void number(JsonGenerator json, String name, @Nullable Integer value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(name, value.intValue());
    }
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
