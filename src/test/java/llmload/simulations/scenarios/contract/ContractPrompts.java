package llmload.simulations.scenarios.contract;

import java.util.ArrayList;
import java.util.List;
import llmload.feeders.Nonce;
import llmload.feeders.SyntheticText;
import llmload.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * Prompts that the server counts as exactly their declared length.
 *
 * <p>Each is grown word by word until the whole of it, chat template included, has the length; so
 * no two are alike, unless a shared beginning is asked for. Not safe for use by several threads.
 */
public final class ContractPrompts {
  private static final String USER = "user";
  private static final long SEEDS_APART = 1_000_003;

  private final @Nullable PromptLength length;
  private final double sharedPrefixRatio;
  private final @Nullable Nonce nonce;
  private final long seed;
  private long madeCount;

  /**
   * Prompts of a run.
   *
   * @param length counts prompts; {@code null} to estimate
   * @param sharedPrefixRatio the share of each prompt that all prompts of a workload begin with
   * @param nonce sets each prompt apart from those of other runs; {@code null} for none
   */
  public ContractPrompts(
      @Nullable PromptLength length, double sharedPrefixRatio, @Nullable Nonce nonce, long seed) {
    this.length = length;
    this.sharedPrefixRatio = sharedPrefixRatio;
    this.nonce = nonce;
    this.seed = seed;
  }

  /** {@code count} prompts of a workload. */
  public List<List<Message>> of(ContractWorkload workload, int count) {
    int shared = (int) Math.floor(workload.promptTokens() * sharedPrefixRatio);
    String prefix = shared == 0 ? "" : text(shared);
    List<List<Message>> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(prompt(workload, prefix));
    }
    return prompts;
  }

  private List<Message> prompt(ContractWorkload workload, String prefix) {
    List<Message> messages = new ArrayList<>();
    int earlier = workload.turnCount() - 1;
    for (int i = 0; i < earlier; i++) {
      String role = i % 2 == 0 ? USER : "assistant";
      String head = i == 0 ? prefix : "";
      int part = Math.max(1, workload.promptTokens() / (2 * earlier + 2));
      messages.add(new Message(role, (head + " " + text(part)).strip()));
    }
    String start = earlier == 0 ? prefix : "";
    String tag = nonce == null ? "" : "[" + nonce.next() + "]";
    PromptLength counter = length;
    SyntheticText texts =
        new SyntheticText(
            counter == null ? null : text -> counter.of(with(messages, text)), nextSeed());
    String last = texts.next((start + " " + tag).strip(), workload.promptTokens());
    return List.copyOf(with(messages, last));
  }

  private String text(int tokens) {
    PromptLength counter = length;
    return new SyntheticText(counter == null ? null : counter::ofText, nextSeed()).next("", tokens);
  }

  private long nextSeed() {
    return seed * SEEDS_APART + madeCount++;
  }

  private static List<Message> with(List<Message> earlier, String last) {
    List<Message> all = new ArrayList<>(earlier);
    all.add(new Message(USER, last));
    return all;
  }
}
