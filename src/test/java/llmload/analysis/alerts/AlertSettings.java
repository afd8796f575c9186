package llmload.analysis.alerts;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import llmload.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * The settings {@code llm.alerts.*} of a run that is watched.
 *
 * @param limits where alerts begin
 * @param window how long is measured before it is compared
 */
public record AlertSettings(AlertLimits limits, Duration window) {
  private static final String LIMITS = "alerts.limits";
  private static final double MOST = 1e9;
  private static final List<String> KEYS =
      List.of(
          "alerts.window",
          "alerts.tokensPerSecond",
          "alerts.ttft",
          "alerts.spikeRatio",
          "alerts.retrieval",
          "alerts.memoryRatio",
          "alerts.cpuRatio",
          "alerts.gpuRatio",
          "alerts.gpuCelsius",
          "alerts.energyPerToken",
          "alerts.errorRatio",
          "alerts.regressionRatio");

  /**
   * Reads them; problems are noted in the reader.
   *
   * @param byDefault whether a run is watched that does not say
   * @return empty for a run that is not watched
   */
  public static Optional<AlertSettings> read(SettingsReader settings, boolean byDefault) {
    Map<String, Optional<AlertLimits>> words = new LinkedHashMap<>();
    words.put("none", Optional.empty());
    words.put("minibiai", Optional.of(AlertLimits.MINIBIAI));
    Optional<AlertLimits> base =
        settings.choice(
            LIMITS, words, byDefault ? Optional.of(AlertLimits.MINIBIAI) : Optional.empty());
    if (base.isEmpty()) {
      for (String key : KEYS) {
        if (settings.text(key).isPresent()) {
          settings.reject(key, "it only with alerts.limits, which is none");
        }
      }
      return Optional.empty();
    }
    Duration window = settings.duration("alerts.window", Duration.ofSeconds(5));
    if (window.compareTo(Duration.ofSeconds(1)) < 0) {
      settings.reject("alerts.window", "a duration of at least 1s");
      window = Duration.ofSeconds(5);
    }
    return Optional.of(new AlertSettings(limits(settings, base.get()), window));
  }

  private static AlertLimits limits(SettingsReader settings, AlertLimits base) {
    double ttftMillis =
        settings
            .duration("alerts.ttft")
            .map(limit -> limit.toNanos() / 1e6)
            .orElse(base.ttftMillis());
    double retrievalMillis =
        settings
            .duration("alerts.retrieval")
            .map(limit -> limit.toNanos() / 1e6)
            .orElse(base.retrievalMillis());
    return new AlertLimits(
        settings.number("alerts.tokensPerSecond", base.tokensPerSecond(), 0, MOST),
        ttftMillis,
        settings.number("alerts.spikeRatio", base.spikeRatio(), 0, 1),
        retrievalMillis,
        settings.number("alerts.memoryRatio", base.memoryRatio(), 0, 1),
        settings.number("alerts.cpuRatio", base.cpuRatio(), 0, 1),
        base.cpuCriticalRatio(),
        given(settings.number("alerts.gpuRatio", 0, 1)),
        given(settings.number("alerts.gpuCelsius", 0, MOST)),
        settings.number("alerts.energyPerToken", base.energyPerTokenJoules(), 0, MOST),
        settings.number("alerts.errorRatio", base.errorRatio(), 0, 1),
        settings.number("alerts.regressionRatio", base.regressionRatio(), 0, 1));
  }

  private static @Nullable Double given(OptionalDouble number) {
    return number.isPresent() ? Double.valueOf(number.getAsDouble()) : null;
  }

  /** Those of a run, from its record. */
  public static Optional<AlertSettings> of(Map<String, String> settings) {
    Map<String, String> given = new HashMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith("alerts.")) {
            given.put("llm." + key, value);
          }
        });
    return given.containsKey("llm." + LIMITS)
        ? read(SettingsReader.of(given, Map.of(), Map.of(), "none"), false)
        : Optional.empty();
  }
}
