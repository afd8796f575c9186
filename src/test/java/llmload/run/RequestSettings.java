package llmload.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.feeders.LengthDistribution;
import llmload.protocol.Timeouts;
import llmload.tokens.Tokenizer;
import llmload.tokens.Tokenizers;
import llmload.wire.TokenCounter;
import org.jspecify.annotations.Nullable;

/**
 * What each request says.
 *
 * @param stream whether answers are streamed
 * @param maxTokens the most tokens an answer may have
 * @param structuredMaxTokens the same for an answer that must fit a schema, which is of no use if
 *     cut
 * @param minTokens the fewest, for servers that know it
 * @param ignoreEos whether the server shall go on past its end token
 * @param temperature the sampling temperature, if any
 * @param extraBody a JSON object merged over each body
 * @param nonce whether each prompt begins with a tag of its own, so that no cache knows it
 * @param prompts a name under feeders/prompts, or a path
 * @param conversations a name under feeders/conversations, or a path
 * @param inputTokens the lengths of made-up prompts, in place of the prompts file
 * @param outputTokens the lengths of answers, in place of maxTokens
 * @param tokenizer an encoding's name or a tokenizer.json, for answers without usage
 * @param timeouts the four timeouts
 */
public record RequestSettings(
    boolean stream,
    int maxTokens,
    int structuredMaxTokens,
    OptionalInt minTokens,
    boolean ignoreEos,
    OptionalDouble temperature,
    Optional<String> extraBody,
    boolean nonce,
    String prompts,
    String conversations,
    Optional<LengthDistribution> inputTokens,
    Optional<LengthDistribution> outputTokens,
    Optional<String> tokenizer,
    Timeouts timeouts) {

  private static final int MAX_TOKENS = 10_000_000;
  private static final int DEFAULT_STRUCTURED_TOKENS = 768;

  static RequestSettings read(SettingsReader settings) {
    int maxTokens = settings.integer("maxTokens", 64, 1, MAX_TOKENS);
    return new RequestSettings(
        settings.flag("stream", true),
        maxTokens,
        settings.text("maxTokens").isPresent() ? maxTokens : DEFAULT_STRUCTURED_TOKENS,
        settings.integer("minTokens", 1, MAX_TOKENS),
        settings.flag("ignoreEos", false),
        settings.number("temperature", 0, 10),
        settings.text("extraBody"),
        settings.flag("nonce", true),
        settings.text("prompts", "short"),
        settings.text("conversations", "short"),
        lengths(settings, "inputTokens"),
        lengths(settings, "outputTokens"),
        settings.text("tokenizer"),
        timeouts(settings));
  }

  /** The same with another limit of an answer. */
  public RequestSettings withMaxTokens(int value) {
    return new RequestSettings(
        stream,
        value,
        structuredMaxTokens,
        minTokens,
        ignoreEos,
        temperature,
        extraBody,
        nonce,
        prompts,
        conversations,
        inputTokens,
        outputTokens,
        tokenizer,
        timeouts);
  }

  /**
   * The tokenizer that is named; {@code null} if none is.
   *
   * @throws ConfigException if there is no such tokenizer
   */
  @Nullable TokenCounter tokenCounter() {
    try {
      Tokenizer named = tokenizer.map(Tokenizers::of).orElse(null);
      return named == null ? null : named::count;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("llm.tokenizer: " + e.getMessage());
    }
  }

  private static Optional<LengthDistribution> lengths(SettingsReader settings, String key) {
    Optional<String> text = settings.text(key);
    try {
      return text.map(LengthDistribution::parse);
    } catch (IllegalArgumentException e) {
      settings.problem("llm." + key + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Timeouts timeouts(SettingsReader settings) {
    return new Timeouts(
        positive(settings, "timeout.connect", Timeouts.DEFAULT.connect()),
        positive(settings, "timeout.firstToken", Timeouts.DEFAULT.firstToken()),
        positive(settings, "timeout.idle", Timeouts.DEFAULT.idle()),
        positive(settings, "timeout.total", Timeouts.DEFAULT.total()));
  }

  private static Duration positive(SettingsReader settings, String key, Duration fallback) {
    Duration value = settings.duration(key, fallback);
    if (value.isZero()) {
      settings.problem("llm." + key + ": Expecting a positive duration. Found: 0.");
      return fallback;
    }
    return value;
  }
}
