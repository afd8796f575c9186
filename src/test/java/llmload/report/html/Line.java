package llmload.report.html;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a chart.
 *
 * @param label its name in the legend
 * @param style its class in the style sheet: {@code a} (solid), {@code b} (dashed), {@code area}
 *     ...
 * @param values one value an interval; {@code null} is a gap
 */
record Line(String label, String style, List<@Nullable Double> values) {}
