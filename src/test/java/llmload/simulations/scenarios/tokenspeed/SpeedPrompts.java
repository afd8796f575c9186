package llmload.simulations.scenarios.tokenspeed;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import llmload.config.ConfigException;
import llmload.feeders.Nonce;
import llmload.feeders.PromptFile;
import llmload.feeders.Prompts;
import org.jspecify.annotations.Nullable;

/**
 * The texts that tests send: those of a sort within its promised length, each made unlike all
 * others where the settings ask for it. Thread safe.
 */
public final class SpeedPrompts {
  /** A tag has 4 to 10 tokens, so a text that does not fit may fit with the next one. */
  private static final int MOST_DRAWS = 10_000;

  private final Path projectFolder;
  private final Map<String, String> custom;
  private final @Nullable Nonce nonce;
  private final long seed;
  private final ToIntFunction<String> tokens;

  /**
   * Texts of a run.
   *
   * @param custom the user's own prompts, by key
   * @param nonce the source of the tags; {@code null} to send each text as it is
   * @param tokens counts in {@link PromptSort#ENCODING}
   */
  public SpeedPrompts(
      Path projectFolder,
      Map<String, String> custom,
      @Nullable Nonce nonce,
      long seed,
      ToIntFunction<String> tokens) {
    this.projectFolder = projectFolder;
    this.custom = custom;
    this.nonce = nonce;
    this.seed = seed;
    this.tokens = tokens;
  }

  /**
   * An endless source of texts of that sort.
   *
   * @param sort a {@link PromptSort#id}, or the key of a prompt of the user's own
   * @throws ConfigException if it is neither; and of the source, if no text of the file fits
   */
  public Supplier<String> of(String sort) {
    String own = custom.get(sort);
    if (own != null) {
      return () -> tagged(own);
    }
    PromptSort shipped =
        PromptSort.of(sort)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "llm.token_speed.prompts: Expecting a prompt for "
                            + sort
                            + ". Found: none."));
    Path file = PromptFile.resolve(projectFolder, shipped.file());
    Iterator<Map<String, Object>> prompts = Prompts.jsonl(file).shuffled(seed);
    return () -> fitting(prompts, shipped, file);
  }

  private String fitting(Iterator<Map<String, Object>> prompts, PromptSort sort, Path file) {
    for (int i = 0; i < MOST_DRAWS; i++) {
      String text = tagged(String.valueOf(prompts.next().get("prompt")));
      int count = tokens.applyAsInt(text);
      if (count >= sort.leastTokens() && count <= sort.mostTokens()) {
        return text;
      }
    }
    throw new ConfigException(
        file
            + ": Expecting prompts of "
            + sort.leastTokens()
            + " to "
            + sort.mostTokens()
            + " tokens of "
            + PromptSort.ENCODING
            + ". Found: none that fits.");
  }

  private String tagged(String text) {
    return nonce == null ? text : nonce.tag(text);
  }
}
