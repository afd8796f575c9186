package llmload.grading;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import llmload.model.Metric;
import llmload.model.Operator;
import llmload.model.RunMeasurements;
import llmload.model.Statistic;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;

/** One entry of a target file as a {@link Target}. */
final class TargetParser {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "scope",
          "metric",
          "statistic",
          "op",
          "value",
          "unit",
          "required",
          "kind",
          "source");
  private static final String STATISTICS =
      "a percentile such as p50 or p99.9, mean, min, max or std";

  private final String where;
  private final Map<String, String> units;
  private final Problems problems;

  /** The entry at {@code where}, over metrics whose {@code units} are given by id. */
  TargetParser(String where, Map<String, String> units, Problems problems) {
    this.where = where;
    this.units = units;
    this.problems = problems;
  }

  /** The target; {@code null} if the entry has problems, which are then told. */
  @Nullable Target parse(@Nullable Object entry, @Nullable String fileSource) {
    if (!(entry instanceof Map<?, ?> map)) {
      problems.add(where, "a mapping such as {metric: ttft, ...}", entry);
      return null;
    }
    int before = problems.count();
    problems.unknownKeys(where, map.keySet(), KEYS);
    String scope = text(map, "scope", RunMeasurements.ALL);
    String metric = metric(map.get("metric"));
    Statistic statistic = statistic(map.get("statistic"), metric);
    Operator op = op(map.get("op"));
    String unit = unit(map.get("unit"), metric);
    double[] bounds = bounds(map.get("value"), op, unit);
    boolean graded = graded(map.get("kind"));
    boolean required = required(map.get("required"), graded);
    String source = text(map, "source", fileSource == null ? "" : fileSource);
    String id = text(map, "id", scope + "." + metric + "." + statistic);
    if (problems.count() > before || metric == null || statistic == null || op == null) {
      return null;
    }
    return new Target(
        id,
        scope,
        metric,
        statistic,
        op,
        bounds[0],
        bounds.length > 1 ? bounds[1] : null,
        unit,
        required,
        graded,
        source.isEmpty() ? null : source);
  }

  private String text(Map<?, ?> map, String key, String otherwise) {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    problems.add(where + "." + key, "a text", value);
    return otherwise;
  }

  private @Nullable String metric(@Nullable Object value) {
    if (value instanceof String id && units.containsKey(id)) {
      return id;
    }
    String hint =
        value == null
            ? ""
            : NearestWord.of(value.toString(), units.keySet())
                .map(near -> " Did you mean " + near + "?")
                .orElse(" The metrics are " + String.join(", ", units.keySet()) + ".");
    problems.add(where + ".metric", "the id of a metric", value, hint);
    return null;
  }

  private @Nullable Statistic statistic(@Nullable Object value, @Nullable String metric) {
    Optional<Metric.Shape> known =
        metric == null ? Optional.empty() : Metric.of(metric).map(Metric::shape);
    boolean single = known.isPresent() && known.get() == Metric.Shape.VALUE;
    String key = where + ".statistic";
    if (value == null) {
      if (single) {
        return Statistic.VALUE;
      }
      problems.add(key, STATISTICS + (known.isPresent() ? "" : ", or value"), null);
      return null;
    }
    Statistic statistic;
    try {
      statistic = new Statistic(canonical(value.toString()));
    } catch (IllegalArgumentException e) {
      problems.add(key, STATISTICS + ", or value", value);
      return null;
    }
    if (known.isPresent() && single != statistic.equals(Statistic.VALUE)) {
      problems.add(
          key,
          single
              ? "value, since " + metric + " is a single number"
              : STATISTICS + ", since " + metric + " is a distribution",
          value);
    }
    return statistic;
  }

  /** {@code p99} for {@code p99.0}: percentiles are looked up by name. */
  private static String canonical(String name) {
    if (!name.matches("p\\d{1,2}(\\.\\d{1,4})?")) {
      return name;
    }
    BigDecimal percent = new BigDecimal(name.substring(1));
    return "p" + percent.stripTrailingZeros().toPlainString();
  }

  private @Nullable Operator op(@Nullable Object value) {
    Optional<Operator> op = value instanceof String text ? Operator.of(text) : Optional.empty();
    if (op.isEmpty()) {
      problems.add(where + ".op", "one of < <= > >= between", value);
    }
    return op.orElse(null);
  }

  private String unit(@Nullable Object value, @Nullable String metric) {
    String expected = metric == null ? null : units.get(metric);
    if (expected == null) {
      return value == null ? "" : value.toString();
    }
    if (!expected.equals(value)) {
      problems.add(
          where + ".unit",
          expected + ", the unit of " + metric,
          value,
          " Convert the value; units are never converted silently.");
    }
    return expected;
  }

  /** One number, or the two of {@link Operator#BETWEEN}; whatever it is if there is a problem. */
  private double[] bounds(@Nullable Object value, @Nullable Operator op, String unit) {
    String key = where + ".value";
    if (op == Operator.BETWEEN) {
      if (value instanceof List<?> pair
          && pair.size() == 2
          && isLimit(pair.get(0), unit)
          && isLimit(pair.get(1), unit)
          && number(pair.get(0)) <= number(pair.get(1))) {
        return new double[] {number(pair.get(0)), number(pair.get(1))};
      }
      problems.add(key, "[lower, upper], " + numbers(unit) + ", since op is between", value);
      return new double[] {0, 0};
    }
    if (!isLimit(value, unit)) {
      problems.add(key, numbers(unit), value);
      return new double[] {0};
    }
    return new double[] {number(value)};
  }

  private static String numbers(String unit) {
    return unit.equals("ratio") ? "a number from 0 to 1 (a ratio)" : "a finite number";
  }

  private static boolean isLimit(@Nullable Object value, String unit) {
    if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      return false;
    }
    double limit = number.doubleValue();
    return !unit.equals("ratio") || (limit >= 0 && limit <= 1);
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : 0;
  }

  private boolean graded(@Nullable Object kind) {
    if (kind != null && !kind.equals("gate") && !kind.equals("expect")) {
      problems.add(where + ".kind", "gate or expect", kind);
    }
    return !"expect".equals(kind);
  }

  private boolean required(@Nullable Object value, boolean graded) {
    if (value != null && !(value instanceof Boolean)) {
      problems.add(where + ".required", "true or false", value);
    }
    boolean required = Boolean.TRUE.equals(value);
    if (required && !graded) {
      problems.add(
          where + ".required", "false where kind is expect", value, " An expectation never fails.");
    }
    return required;
  }
}
