package llmload.simulations.scenarios;

import java.time.Duration;
import llmload.config.SettingsReader;
import llmload.model.WrkScenario;

/**
 * The settings {@code llm.wrkProfile.*}.
 *
 * @param timeScaleRatio what each scenario's time is multiplied by; 1 is the script's
 */
public record WrkProfileSettings(double timeScaleRatio) {
  /** Reads them. */
  public static WrkProfileSettings read(SettingsReader settings) {
    return new WrkProfileSettings(settings.number("wrkProfile.timeScale", 1, 0.001, 100));
  }

  /** How long a scenario lasts. */
  public Duration time(WrkScenario scenario) {
    return Duration.ofMillis(Math.round(scenario.seconds() * 1000 * timeScaleRatio));
  }
}
