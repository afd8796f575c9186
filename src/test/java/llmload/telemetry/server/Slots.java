package llmload.telemetry.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a llama.cpp server, added up.
 *
 * <p>The tokens in use are those of the prompts of busy slots and what was decoded after them: an
 * estimate, since an idle slot keeps its last prompt for reuse, and the cache may be shared.
 *
 * @param count how many there are
 * @param busyCount how many of them work
 * @param contextTokens the tokens that all of them can hold; {@code null} if one does not say
 * @param promptTokens tokens of the prompts of the busy ones; {@code null} if one does not say
 * @param decodedTokens tokens that the busy ones decoded; {@code null} if one does not say
 */
record Slots(
    long count,
    long busyCount,
    @Nullable Double contextTokens,
    @Nullable Double promptTokens,
    @Nullable Double decodedTokens) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the answer of {@code GET /slots}. */
  static Slots parse(String text) throws SourceException {
    JsonNode list;
    try {
      list = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // Its own message would quote the answer.
      throw SourceException.passing(MissReason.NOT_METRICS, "no JSON in the answer of the slots");
    }
    if (!list.isArray() || list.isEmpty()) {
      throw SourceException.passing(MissReason.NOTHING_KNOWN, "no list of slots");
    }
    long busy = 0;
    Double context = 0.0;
    Double prompt = 0.0;
    Double decoded = 0.0;
    for (JsonNode slot : list) {
      context = Rules.plus(context, number(slot.path("n_ctx")));
      if (slot.path("is_processing").asBoolean()) {
        busy++;
        prompt = Rules.plus(prompt, number(slot.path("n_prompt_tokens")));
        // One object, in later versions a list of one.
        JsonNode next = slot.path("next_token");
        decoded =
            Rules.plus(decoded, number((next.isArray() ? next.path(0) : next).path("n_decoded")));
      }
    }
    return new Slots(list.size(), busy, context, prompt, decoded);
  }

  private static @Nullable Double number(JsonNode node) {
    return node.isNumber() && node.asDouble() >= 0 ? Double.valueOf(node.asDouble()) : null;
  }

  /** The reading of the server's metrics with what only the slots tell. */
  Reading into(Reading metrics) {
    Double used = Rules.plus(promptTokens, decodedTokens);
    Map<String, String> labels = new LinkedHashMap<>(metrics.labels());
    boolean own = metrics.value(TelemetryId.KV_USED_TOKENS) != null;
    if (used != null && !own) {
      labels.put("kvUsed", "estimate");
    }
    Reading reading = new Reading(metrics.source(), labels);
    for (TelemetryId id : TelemetryId.values()) {
      Double value = metrics.value(id);
      if (value != null) {
        reading.put(id, value);
      }
    }
    reading.put(TelemetryId.SLOTS_COUNT, count);
    reading.put(TelemetryId.SLOTS_BUSY_COUNT, busyCount);
    reading.put(TelemetryId.SLOTS_PROMPT_TOKENS, promptTokens);
    reading.put(TelemetryId.SLOTS_DECODED_TOKENS, decodedTokens);
    if (!own) {
      reading.put(TelemetryId.KV_USED_TOKENS, used);
      reading.put(TelemetryId.KV_CAPACITY_TOKENS, contextTokens);
      reading.put(
          TelemetryId.KV_USED_RATIO,
          used == null || contextTokens == null || contextTokens <= 0
              ? null
              : Double.valueOf(used / contextTokens));
    }
    return reading;
  }
}
