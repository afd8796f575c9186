package llmload.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source that is made by the first look at it, on the thread that looks: one that takes long to
 * begin delays nobody, and one that cannot begin on this machine is told as missing.
 */
public final class OnDemandSource implements TelemetrySource {
  private final String name;
  private final Supplier<TelemetrySource> maker;
  private @Nullable TelemetrySource made;

  /**
   * A source that {@code maker} will make.
   *
   * @param name its name in the sampler's account
   */
  public OnDemandSource(String name, Supplier<TelemetrySource> maker) {
    this.name = name;
    this.maker = maker;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
    try {
      TelemetrySource source = made;
      if (source == null) {
        source = maker.get();
        made = source;
      }
      return source.read(deadline);
    } catch (LinkageError | UnsupportedOperationException e) {
      throw SourceException.lasting(MissReason.NOT_AVAILABLE, "not to be had on this system: " + e);
    }
  }

  @Override
  public void close() {
    TelemetrySource source = made;
    if (source != null) {
      source.close();
    }
  }
}
