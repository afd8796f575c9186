package llmload.server.engine;

import java.util.List;

/** The ChatML chat template. */
public final class ChatMl {
  private ChatMl() {}

  /**
   * The messages, each as {@code <|im_start|>role\ncontent<|im_end|>\n}, then the start of the
   * assistant's answer.
   */
  public static String prompt(List<ChatMessage> messages) {
    StringBuilder prompt = new StringBuilder();
    for (ChatMessage message : messages) {
      prompt.append("<|im_start|>").append(message.role()).append('\n');
      prompt.append(message.content()).append("<|im_end|>\n");
    }
    return prompt.append("<|im_start|>assistant\n").toString();
  }
}
