package llmload.simulations.scenarios.tokenspeed;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The sorts of prompts that ship, each with the length that a request of it is promised to have, in
 * tokens of {@link #ENCODING}, the tag that keeps caches out included. The chat template of a
 * server comes on top.
 */
public enum PromptSort {
  /** A question of one sentence. */
  SHORT("short", 10, 20),
  /** A paragraph. */
  MEDIUM("medium", 50, 100),
  /** A page. */
  LONG("long", 200, Integer.MAX_VALUE),
  /** A task for a programmer; of no stated length. */
  CODE_GENERATION("code", 1, Integer.MAX_VALUE);

  /** What lengths are counted in. */
  public static final String ENCODING = "cl100k_base";

  private final String file;
  private final int leastTokens;
  private final int mostTokens;

  PromptSort(String file, int leastTokens, int mostTokens) {
    this.file = file;
    this.leastTokens = leastTokens;
    this.mostTokens = mostTokens;
  }

  /** The word in tests' names. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its file under {@code feeders/prompts}. */
  String file() {
    return file;
  }

  /** The fewest tokens of a request. */
  public int leastTokens() {
    return leastTokens;
  }

  /** The most tokens of a request. */
  public int mostTokens() {
    return mostTokens;
  }

  /** The words of all. */
  public static List<String> names() {
    return Arrays.stream(values()).map(PromptSort::id).toList();
  }

  /** The sort of that word; empty for a prompt of the user's own. */
  static Optional<PromptSort> of(String id) {
    return Arrays.stream(values()).filter(sort -> sort.id().equals(id)).findFirst();
  }
}
