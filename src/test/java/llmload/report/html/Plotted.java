package llmload.report.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of a chart as the page's script reads it.
 *
 * @param label its name in the legend
 * @param style its class in the style sheet
 * @param numbers its values, separated by commas; nothing between two commas is a gap
 */
record Plotted(String label, String style, String numbers) {
  /** More than a screen can show. */
  private static final MathContext DIGITS = new MathContext(5);

  static Plotted of(String label, String style, List<@Nullable Double> values) {
    return new Plotted(label, style, numbers(values));
  }

  /** Numbers separated by commas. */
  static String numbers(List<@Nullable Double> values) {
    return values.stream().map(Plotted::number).collect(Collectors.joining(","));
  }

  private static String number(@Nullable Double value) {
    return value == null
        ? ""
        : BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
