package llmload.simulations.scenarios.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import llmload.feeders.Nonce;
import llmload.wire.Message;
import llmload.wire.TokenCounter;
import org.junit.jupiter.api.Test;

class ContractPromptsTest {
  /** A token a word; the template's marks are words too. */
  private static final TokenCounter WORDS =
      text -> text.isBlank() ? 0 : text.strip().split("\\s+").length;

  private static ContractPrompts prompts(PromptLength length, double shared) {
    return new ContractPrompts(length, shared, new Nonce(1, "run"), 7);
  }

  private static ContractWorkload workload(int turns) {
    return ContractWorkload.sequential("w", "short", 60, 10, 4).ofTurns(turns);
  }

  @Test
  void prompts_haveTheirLength_templateIncluded_andAreDistinct() {
    PromptLength length = PromptLength.tokenizer(WORDS, 5);
    List<List<Message>> made = prompts(length, 0).of(workload(1), 4);

    // 55 words and the template's 5 tokens.
    assertThat(made).hasSize(4).doesNotHaveDuplicates();
    assertThat(made)
        .allSatisfy(prompt -> assertThat(WORDS.count(prompt.get(0).content())).isEqualTo(55));
  }

  @Test
  void promptAfterAnEarlierExchange_isAsLongAltogether() {
    List<Message> prompt = prompts(PromptLength.tokenizer(WORDS, 0), 0).of(workload(3), 1).get(0);

    assertThat(prompt).extracting(Message::role).containsExactly("user", "assistant", "user");
    assertThat(prompt.stream().mapToInt(message -> WORDS.count(message.content())).sum())
        .isEqualTo(60);
  }

  @Test
  void sharedPrefix_isTheStartOfEachPrompt() {
    List<List<Message>> made = prompts(PromptLength.tokenizer(WORDS, 0), 0.5).of(workload(1), 3);
    List<String> starts =
        made.stream()
            .map(p -> List.of(p.get(0).content().split(" ")).subList(0, 30))
            .map(words -> String.join(" ", words))
            .distinct()
            .toList();

    // Half of 60 tokens.
    assertThat(starts).hasSize(1);
    assertThat(made).doesNotHaveDuplicates();
  }

  @Test
  void embeddedLength_countsTheWholeTemplate() {
    // "<|im_start|>user", "two", "words<|im_end|>", "<|im_start|>assistant".
    assertThat(PromptLength.embedded(WORDS).of(List.of(new Message("user", "two words"))))
        .isEqualTo(4);
  }
}
