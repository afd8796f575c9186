package llmload.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number of telemetry over the intervals of the run's series.
 *
 * @param id its name in files, {@code queue_depth}
 * @param title the chart that it is drawn in
 * @param label what it is called there
 * @param unit its unit
 * @param values one an interval of {@link RunMeasurements#series}; {@code null} is a gap
 */
public record TelemetrySeries(
    String id, String title, String label, String unit, List<@Nullable Double> values) {

  /** Copies {@code values}. */
  public TelemetrySeries {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }
}
