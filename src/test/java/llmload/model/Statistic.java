package llmload.model;

import java.util.OptionalDouble;

/**
 * One number drawn from many: a percentile, the mean, an extreme, or the value of a metric that has
 * no distribution.
 *
 * @param name {@code p50}, {@code p99.9}, {@code mean}, {@code min}, {@code max}, {@code std} or
 *     {@code value}
 */
public record Statistic(String name) {
  /** The value of a metric that is a single number, such as requests per second. */
  public static final Statistic VALUE = new Statistic("value");

  /** Checks the name. */
  public Statistic {
    boolean known =
        switch (name) {
          case "mean", "min", "max", "std", "value" -> true;
          default -> parsePercent(name).isPresent();
        };
    if (!known) {
      throw new IllegalArgumentException(
          "statistic: Expecting a percentile such as p50 or p99.9, mean, min, max, std or value."
              + " Found: "
              + name
              + ".");
    }
  }

  /** The percentile in percent (99.9 for {@code p99.9}); empty for the other statistics. */
  public OptionalDouble percent() {
    return parsePercent(name);
  }

  private static OptionalDouble parsePercent(String name) {
    if (!name.matches("p\\d{1,2}(\\.\\d{1,4})?")) {
      return OptionalDouble.empty();
    }
    double percent = Double.parseDouble(name.substring(1));
    return percent > 0 ? OptionalDouble.of(percent) : OptionalDouble.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
