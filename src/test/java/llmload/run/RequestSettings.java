package llmload.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.config.SettingsReader;
import llmload.protocol.Timeouts;

/**
 * What each request says.
 *
 * @param stream whether answers are streamed
 * @param maxTokens the most tokens an answer may have
 * @param minTokens the fewest, for servers that know it
 * @param ignoreEos whether the server shall go on past its end token
 * @param temperature the sampling temperature, if any
 * @param extraBody a JSON object merged over each body
 * @param nonce whether each prompt begins with a tag of its own, so that no cache knows it
 * @param prompts a name under feeders/prompts, or a path
 * @param tokenizer an encoding's name or a tokenizer.json, for answers without usage
 * @param timeouts the four timeouts
 */
public record RequestSettings(
    boolean stream,
    int maxTokens,
    OptionalInt minTokens,
    boolean ignoreEos,
    OptionalDouble temperature,
    Optional<String> extraBody,
    boolean nonce,
    String prompts,
    Optional<String> tokenizer,
    Timeouts timeouts) {

  static RequestSettings read(SettingsReader settings) {
    return new RequestSettings(
        settings.flag("stream", true),
        settings.integer("maxTokens", 64, 1, 10_000_000),
        settings.integer("minTokens", 1, 10_000_000),
        settings.flag("ignoreEos", false),
        settings.number("temperature", 0, 10),
        settings.text("extraBody"),
        settings.flag("nonce", true),
        settings.text("prompts", "short"),
        settings.text("tokenizer"),
        timeouts(settings));
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
