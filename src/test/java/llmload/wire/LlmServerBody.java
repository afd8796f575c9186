package llmload.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import llmload.model.RequestKind;

/**
 * The form of llm-server's answers: {@code text} of a completion, {@code structured_output} or else
 * {@code raw_text} of a structured one, {@code id} of a schema, {@code models[]} of a list.
 *
 * <p>Some of its releases send counts that are always 0; a usage that counts neither a prompt nor
 * an answer is taken for none.
 */
final class LlmServerBody implements WholeBody {
  @Override
  public void read(RequestKind kind, byte[] bytes, Frame frame) throws IOException {
    frame.clear();
    JsonNode root = Json.MAPPER.readTree(bytes);
    if (root == null || !root.isObject()) {
      throw new IOException("no JSON object");
    }
    if (root.hasNonNull("detail") || root.hasNonNull("error")) {
      frame.error();
      return;
    }
    JsonNode answer = answer(kind, root);
    if (answer.isMissingNode() || answer.isNull()) {
      return;
    }
    frame.choices();
    String text = answer.isTextual() ? answer.textValue() : answer.toString();
    if (!text.isEmpty()) {
      frame.piece(Frame.Channel.CONTENT, text.length(), text, -1, -1);
    }
    usage(root.path("usage"), frame.usage());
  }

  private static JsonNode answer(RequestKind kind, JsonNode root) {
    if (kind == RequestKind.SCHEMA) {
      return root.path("id");
    }
    JsonNode object = root.path("structured_output");
    if (kind == RequestKind.STRUCTURED && object.isContainerNode()) {
      return object;
    }
    return root.path(root.has("text") ? "text" : "raw_text");
  }

  private static void usage(JsonNode usage, UsageTally tally) {
    JsonNode prompt = usage.path("prompt_tokens");
    JsonNode completion = usage.path("completion_tokens");
    if (prompt.asLong(0) == 0 && completion.asLong(0) == 0) {
      return;
    }
    put(tally, UsageTally.Field.INPUT, prompt);
    put(tally, UsageTally.Field.OUTPUT, completion);
  }

  private static void put(UsageTally tally, UsageTally.Field field, JsonNode count) {
    if (!count.isMissingNode() && !count.isNull()) {
      tally.put(field, count.isIntegralNumber() ? count.longValue() : (Long) null);
    }
  }

  @Override
  public String answerKey(RequestKind kind) {
    return switch (kind) {
      case SCHEMA -> "id";
      case STRUCTURED -> "structured_output";
      default -> "text";
    };
  }

  @Override
  public String listKey() {
    return "models";
  }
}
