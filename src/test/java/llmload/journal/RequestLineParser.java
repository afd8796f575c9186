package llmload.journal;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import llmload.model.ChunkTimeline;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ServerTimings;
import llmload.model.Stamps;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Reads one line of {@code requests.jsonl} after the other. One thread only. */
final class RequestLineParser extends LineParser {
  private static final int[] NONE = new int[0];

  /** The fields of the line that is being read. */
  private static final class Fields {
    @Nullable String id;
    @Nullable String scenario;
    @Nullable String request;
    @Nullable Integer user;
    @Nullable Integer turn;
    @Nullable Phase phase;
    @Nullable Long intendedNanos;
    @Nullable Long sentNanos;
    @Nullable Long connectedNanos;
    @Nullable Long headersNanos;
    @Nullable Long firstByteNanos;
    @Nullable Long firstEventNanos;
    @Nullable Long roleNanos;
    @Nullable Long firstReasoningNanos;
    @Nullable Long firstContentNanos;
    @Nullable Long firstToolCallNanos;
    @Nullable Long lastTokenNanos;
    @Nullable Long terminatorNanos;
    @Nullable Long endNanos;
    int[] chunkGapsMicros = NONE;
    int[] chunkTokens = NONE;
    @Nullable Integer status;
    @Nullable Outcome outcome;
    @Nullable String message;
    @Nullable String finishReason;
    @Nullable Integer inputTokens;
    @Nullable Integer outputTokens;
    @Nullable Integer cachedTokens;
    @Nullable Integer reasoningTokens;
    @Nullable TokenCountSource tokenCountSource;
    @Nullable Long serverLoadNanos;
    @Nullable Long serverPrefillNanos;
    @Nullable Long serverDecodeNanos;
    @Nullable Boolean schemaValid;
    @Nullable Long bytesReceived;
    @Nullable String httpVersion;
    @Nullable String session;
    Map<String, String> tags = Map.of();
    boolean footer;
    @Nullable Long planned;
    @Nullable Long started;
    @Nullable Long ok;
    @Nullable Long failed;
    @Nullable Long incomplete;
    @Nullable Long dropped;
    @Nullable Long lost;
    @Nullable String interruptedBy;
  }

  private Fields line = new Fields();

  /** The record or the footer of one line. */
  Record parse(byte[] bytes, int start, int length) throws IOException {
    line = new Fields();
    readObject(bytes, start, length);
    return line.footer ? footer(line) : record(line);
  }

  @Override
  void field(String name, JsonParser json) throws IOException {
    if (!identity(name, json) && !moment(name, json) && !result(name, json)) {
      footerField(name, json);
    }
  }

  private boolean identity(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> line.id = text(json);
      case "scenario" -> line.scenario = text(json);
      case "request" -> line.request = text(json);
      case "user" -> line.user = json.getIntValue();
      case "turn" -> line.turn = json.getIntValue();
      case "phase" -> line.phase = Phase.valueOf(text(json).toUpperCase(Locale.ROOT));
      case "session" -> line.session = text(json);
      case "tags" -> line.tags = words(json);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean moment(String name, JsonParser json) throws IOException {
    switch (name) {
      case "intendedNanos" -> line.intendedNanos = json.getLongValue();
      case "sentNanos" -> line.sentNanos = json.getLongValue();
      case "connectedNanos" -> line.connectedNanos = json.getLongValue();
      case "headersNanos" -> line.headersNanos = json.getLongValue();
      case "firstByteNanos" -> line.firstByteNanos = json.getLongValue();
      case "firstEventNanos" -> line.firstEventNanos = json.getLongValue();
      case "roleNanos" -> line.roleNanos = json.getLongValue();
      case "firstReasoningNanos" -> line.firstReasoningNanos = json.getLongValue();
      case "firstContentNanos" -> line.firstContentNanos = json.getLongValue();
      case "firstToolCallNanos" -> line.firstToolCallNanos = json.getLongValue();
      case "lastTokenNanos" -> line.lastTokenNanos = json.getLongValue();
      case "terminatorNanos" -> line.terminatorNanos = json.getLongValue();
      case "endNanos" -> line.endNanos = json.getLongValue();
      case "chunkGapsMicros" -> line.chunkGapsMicros = numbers(json);
      case "chunkTokens" -> line.chunkTokens = numbers(json);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean result(String name, JsonParser json) throws IOException {
    switch (name) {
      case "status" -> line.status = json.getIntValue();
      case "outcome" -> line.outcome = Outcome.valueOf(text(json));
      case "message" -> line.message = text(json);
      case "finishReason" -> line.finishReason = text(json);
      case "inputTokens" -> line.inputTokens = json.getIntValue();
      case "outputTokens" -> line.outputTokens = json.getIntValue();
      case "cachedTokens" -> line.cachedTokens = json.getIntValue();
      case "reasoningTokens" -> line.reasoningTokens = json.getIntValue();
      case "tokenCountSource" ->
          line.tokenCountSource = TokenCountSource.valueOf(text(json).toUpperCase(Locale.ROOT));
      case "serverLoadNanos" -> line.serverLoadNanos = json.getLongValue();
      case "serverPrefillNanos" -> line.serverPrefillNanos = json.getLongValue();
      case "serverDecodeNanos" -> line.serverDecodeNanos = json.getLongValue();
      case "schemaValid" -> line.schemaValid = json.getBooleanValue();
      case "bytesReceived" -> line.bytesReceived = json.getLongValue();
      case "httpVersion" -> line.httpVersion = text(json);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void footerField(String name, JsonParser json) throws IOException {
    switch (name) {
      case "footer" -> line.footer = json.getBooleanValue();
      case "planned" -> line.planned = json.getLongValue();
      case "started" -> line.started = json.getLongValue();
      case "ok" -> line.ok = json.getLongValue();
      case "failed" -> line.failed = json.getLongValue();
      case "incomplete" -> line.incomplete = json.getLongValue();
      case "dropped" -> line.dropped = json.getLongValue();
      case "lost" -> line.lost = json.getLongValue();
      case "interruptedBy" -> line.interruptedBy = text(json);
      default -> json.skipChildren();
    }
  }

  private static RequestRecord record(Fields f) throws IOException {
    return new RequestRecord(
        required(f.id, "id"),
        required(f.scenario, "scenario"),
        required(f.request, "request"),
        required(f.user, "user"),
        required(f.turn, "turn"),
        required(f.phase, "phase"),
        f.intendedNanos,
        required(f.sentNanos, "sentNanos"),
        new Stamps(
            f.connectedNanos,
            f.headersNanos,
            f.firstByteNanos,
            f.firstEventNanos,
            f.roleNanos,
            f.firstReasoningNanos,
            f.firstContentNanos,
            f.firstToolCallNanos,
            f.lastTokenNanos,
            f.terminatorNanos,
            required(f.endNanos, "endNanos")),
        f.chunkGapsMicros.length == 0 && f.chunkTokens.length == 0
            ? ChunkTimeline.EMPTY
            : new ChunkTimeline(f.chunkGapsMicros, f.chunkTokens),
        f.status,
        required(f.outcome, "outcome"),
        f.message,
        f.finishReason,
        new TokenUsage(
            f.inputTokens, f.outputTokens, f.cachedTokens, f.reasoningTokens, f.tokenCountSource),
        new ServerTimings(f.serverLoadNanos, f.serverPrefillNanos, f.serverDecodeNanos),
        f.schemaValid,
        required(f.bytesReceived, "bytesReceived"),
        f.httpVersion,
        f.session,
        f.tags);
  }

  private static JournalFooter footer(Fields f) throws IOException {
    return new JournalFooter(
        required(f.planned, "planned"),
        required(f.started, "started"),
        required(f.ok, "ok"),
        required(f.failed, "failed"),
        required(f.incomplete, "incomplete"),
        required(f.dropped, "dropped"),
        // A footer without the field comes from a writer that cannot lose records.
        f.lost == null ? 0 : f.lost,
        f.interruptedBy);
  }
}
