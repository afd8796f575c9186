package llmload.simulations.scenarios.contract;

import java.util.List;
import java.util.function.ToIntFunction;
import llmload.server.engine.ChatMessage;
import llmload.server.engine.ChatMl;
import llmload.wire.Message;
import llmload.wire.TokenCounter;

/** How long the server will say that a prompt is. */
public interface PromptLength {
  /** The tokens of a whole prompt, what the server writes around its messages included. */
  int of(List<Message> messages);

  /** The tokens of a text alone. */
  int ofText(String text);

  /** By the embedded server's own tokenizer and chat template: exact. */
  static PromptLength embedded(TokenCounter tokens) {
    return of(
        tokens,
        messages ->
            tokens.count(
                ChatMl.prompt(
                    messages.stream()
                        .map(message -> new ChatMessage(message.role(), message.content()))
                        .toList())));
  }

  /**
   * By the model's tokenizer.
   *
   * @param templateTokens what the server's chat template adds to the messages' texts
   */
  static PromptLength tokenizer(TokenCounter tokens, int templateTokens) {
    return of(
        tokens,
        messages ->
            templateTokens
                + messages.stream().mapToInt(message -> tokens.count(message.content())).sum());
  }

  private static PromptLength of(TokenCounter tokens, ToIntFunction<List<Message>> whole) {
    return new PromptLength() {
      @Override
      public int of(List<Message> messages) {
        return whole.applyAsInt(messages);
      }

      @Override
      public int ofText(String text) {
        return tokens.count(text);
      }
    };
  }
}
