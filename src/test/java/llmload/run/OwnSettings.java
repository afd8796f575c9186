package llmload.run;

import java.util.function.Function;
import llmload.config.SettingsReader;
import org.jspecify.annotations.Nullable;

/**
 * The settings {@code llm.<simulation>.*} of one simulation, read together with all others so that
 * every problem is told at once.
 *
 * @param <T> the settings' record
 */
public final class OwnSettings<T> {
  private final Function<SettingsReader, T> parser;
  private @Nullable T value;

  private OwnSettings(Function<SettingsReader, T> parser) {
    this.parser = parser;
  }

  /** Settings that {@code parser} reads; it notes problems in the reader and goes on. */
  public static <T> OwnSettings<T> by(Function<SettingsReader, T> parser) {
    return new OwnSettings<>(parser);
  }

  void read(SettingsReader settings) {
    value = parser.apply(settings);
  }

  /**
   * The settings, once the run has begun.
   *
   * @throws IllegalStateException before
   */
  public T value() {
    if (value == null) {
      throw new IllegalStateException("The run's settings have not been read.");
    }
    return value;
  }
}
