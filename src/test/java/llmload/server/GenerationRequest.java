package llmload.server;

import java.util.List;
import llmload.server.engine.ChatMessage;
import llmload.server.engine.GenerationSpec;
import llmload.server.engine.JsonShape;
import org.jspecify.annotations.Nullable;

/**
 * A checked body of {@code /v1/chat/completions} or {@code /v1/completions}.
 *
 * @param kind which of the two
 * @param messages the conversation; empty for a completion
 * @param prompt the prompt; empty for a chat
 * @param model the model asked for; {@code null} if none was named
 * @param minTokenCount the fewest tokens of the answer; 0 for any
 * @param maxTokenCount the limit of the answer; {@code null} for the server's default
 * @param sampling how to draw tokens
 * @param stops stop sequences, none of them empty
 * @param ignoreEos whether to go on to the limit
 * @param shape the JSON that the answer must fit; {@code null} for free text
 * @param tools the tools that the answer may call
 * @param streaming how to send the answer
 * @param session the session that the body names, by {@code session_id} or {@code id_slot}; {@code
 *     null} if it names none
 * @param truth whether each event carries the moment it was sent at
 */
record GenerationRequest(
    Kind kind,
    List<ChatMessage> messages,
    String prompt,
    @Nullable String model,
    int minTokenCount,
    @Nullable Integer maxTokenCount,
    GenerationSpec.Sampling sampling,
    List<String> stops,
    boolean ignoreEos,
    @Nullable JsonShape shape,
    Tools tools,
    Streaming streaming,
    @Nullable String session,
    boolean truth) {

  /** The two endpoints that generate. */
  enum Kind {
    CHAT,
    COMPLETION;

    /** The field that holds what is to be answered. */
    String promptField() {
      return this == CHAT ? "messages" : "prompt";
    }
  }

  /**
   * The tools of a request.
   *
   * @param given whether there are any
   * @param called the one that the answer must call; {@code null} if it need not call any
   */
  record Tools(boolean given, @Nullable Tool called) {}

  /**
   * A function that can be called.
   *
   * @param name its name
   * @param arguments what it takes
   */
  record Tool(String name, JsonShape arguments) {}

  /**
   * How the answer is sent.
   *
   * @param stream as events, or in one body
   * @param includeUsage whether a last event carries the counts
   * @param continuousUsage whether every event does
   */
  record Streaming(boolean stream, boolean includeUsage, boolean continuousUsage) {}
}
