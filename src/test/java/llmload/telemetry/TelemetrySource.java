package llmload.telemetry;

import java.time.Duration;
import java.util.List;

/** Something that can be looked at again and again. One thread looks. */
public interface TelemetrySource extends AutoCloseable {

  /** Its name in the sampler's account, such as {@code server http://gpu:8000/metrics}. */
  String name();

  /**
   * What it says now; several readings where it tells of several things.
   *
   * @param deadline how long a look may take
   * @throws SourceException with the reason, if it says nothing
   */
  List<Reading> read(Duration deadline) throws SourceException, InterruptedException;

  /** Whether its answer travels, so that the time it takes says how sure its stamp is. */
  default boolean isRemote() {
    return false;
  }

  /** Ends what it started. */
  @Override
  default void close() {}
}
