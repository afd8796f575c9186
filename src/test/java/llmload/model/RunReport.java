package llmload.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run, measured and judged: what every report format shows.
 *
 * @param manifest what the run set out to do
 * @param measurements what the journal says
 * @param targets each target's outcome, in the order of the target file
 * @param verdict what it comes to
 * @param suite the results of a suite of several parts; {@code null} where there are none
 * @param definitions the stated method of everything a reader could dispute, by topic
 * @param comparison the run beside its baseline; {@code null} if none was named
 */
public record RunReport(
    RunManifest manifest,
    RunMeasurements measurements,
    List<TargetVerdict> targets,
    Verdict verdict,
    @Nullable SuiteResult suite,
    Map<String, String> definitions,
    @Nullable BaselineComparison comparison) {

  /** The version of the layout of {@code report.json}. */
  public static final String SCHEMA_VERSION = "1.3.0";
}
