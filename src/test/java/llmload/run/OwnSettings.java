package llmload.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import llmload.config.SettingsReader;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/**
 * The settings {@code llm.<simulation>.*} of one simulation, read together with all others so that
 * every problem is told at once.
 *
 * @param <T> the settings' record
 */
public final class OwnSettings<T> {
  private final Function<SettingsReader, T> parser;
  private final BiConsumer<SettingsReader, Path> preparation;
  private final BiFunction<T, List<Target>, List<Target>> limits;
  private final Function<T, Optional<ServerNeeds>> needs;
  private @Nullable T value;

  private OwnSettings(
      Function<SettingsReader, T> parser,
      BiConsumer<SettingsReader, Path> preparation,
      BiFunction<T, List<Target>, List<Target>> limits,
      Function<T, Optional<ServerNeeds>> needs) {
    this.parser = parser;
    this.preparation = preparation;
    this.limits = limits;
    this.needs = needs;
  }

  /** Settings that {@code parser} reads; it notes problems in the reader and goes on. */
  public static <T> OwnSettings<T> by(Function<SettingsReader, T> parser) {
    return new OwnSettings<>(
        parser, (settings, root) -> {}, (value, targets) -> targets, value -> Optional.empty());
  }

  /**
   * The same that imply values of other settings: {@code step} gets the reader before anything else
   * is read, and the project's folder.
   */
  public OwnSettings<T> preparedBy(BiConsumer<SettingsReader, Path> step) {
    return new OwnSettings<>(parser, step, limits, needs);
  }

  /** The same that change the targets of the files which the run is held to. */
  public OwnSettings<T> limitedBy(BiFunction<T, List<Target>, List<Target>> change) {
    return new OwnSettings<>(parser, preparation, change, needs);
  }

  /** The same that ask more of the server than an answer. */
  public OwnSettings<T> needing(Function<T, ServerNeeds> asked) {
    return new OwnSettings<>(parser, preparation, limits, value -> Optional.of(asked.apply(value)));
  }

  void prepare(SettingsReader settings, Path root) {
    preparation.accept(settings, root);
  }

  void read(SettingsReader settings) {
    value = parser.apply(settings);
  }

  List<Target> limited(List<Target> targets) {
    return limits.apply(value(), targets);
  }

  Optional<ServerNeeds> needs() {
    return needs.apply(value());
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
