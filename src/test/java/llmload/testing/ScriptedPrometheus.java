package llmload.testing;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus server that has scraped forever, at each multiple of its interval by its own clock.
 * It answers instant queries of {@code time()} and of one selector with a range, and refuses all
 * else, by its HTTP API: <a
 * href="https://prometheus.io/docs/prometheus/latest/querying/api/">querying</a>.
 */
public final class ScriptedPrometheus implements Script {
  private static final long MILLIS = 1_000;
  private static final Pattern SELECTOR = Pattern.compile("\\{(.*)}\\[([0-9]+)(ms|s|m|h)]");
  private static final Pattern MATCHER =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)\"((?:[^\"\\\\]|\\\\.)*)\"(,|$)");

  private record Kept(Map<String, String> labels, LongFunction<@Nullable Double> values) {}

  private final LongSupplier epochMillis;
  private final long scrapeMillis;
  private final boolean leftClosed;
  private final List<Kept> series = new ArrayList<>();

  /**
   * A server without a series.
   *
   * @param epochMillis its clock, milliseconds since 1970
   * @param leftClosed whether a range has its start, as up to Prometheus 2
   */
  public ScriptedPrometheus(LongSupplier epochMillis, long scrapeMillis, boolean leftClosed) {
    this.epochMillis = epochMillis;
    this.scrapeMillis = scrapeMillis;
    this.leftClosed = leftClosed;
  }

  /**
   * Adds a series.
   *
   * @param name its label {@code __name__}
   * @param values its value at a scrape, by its clock in milliseconds since 1970; {@code null}
   *     where it was stale or its exporter down
   */
  public ScriptedPrometheus series(
      String name, Map<String, String> labels, LongFunction<@Nullable Double> values) {
    Map<String, String> all = new LinkedHashMap<>(Map.of("__name__", name));
    all.putAll(labels);
    series.add(new Kept(all, values));
    return this;
  }

  @Override
  public List<Step> stepsFor(ReceivedRequest request) {
    URI target = URI.create(request.path());
    if (!target.getPath().equals("/api/v1/query")) {
      return List.of(Steps.text(404, "text/plain; charset=utf-8", "404 page not found"));
    }
    try {
      return List.of(Steps.json(200, answer(parameters(target.getRawQuery()))));
    } catch (IllegalArgumentException e) {
      return List.of(
          Steps.json(
              400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}"));
    }
  }

  private String answer(Map<String, String> parameters) {
    String query = parameters.getOrDefault("query", "");
    long now = epochMillis.getAsLong();
    if (query.equals("time()")) {
      return success("scalar", "[" + seconds(now) + ",\"" + seconds(now) + "\"]");
    }
    String time = parameters.get("time");
    long to = time == null ? now : new BigDecimal(time).movePointRight(3).longValue();
    Matcher selector = SELECTOR.matcher(query);
    if (!selector.matches()) {
      throw new IllegalArgumentException(query);
    }
    Predicate<Map<String, String>> wanted = wanted(selector.group(1));
    long from = to - Long.parseLong(selector.group(2)) * unitMillis(selector.group(3));
    return success(
        "matrix",
        series.stream()
            .filter(kept -> wanted.test(kept.labels()))
            .map(kept -> row(kept, from, Math.min(to, now)))
            .filter(row -> !row.isEmpty())
            .collect(Collectors.joining(",", "[", "]")));
  }

  private static Map<String, String> parameters(@Nullable String rawQuery) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : String.valueOf(rawQuery).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> MILLIS;
      case "m" -> 60 * MILLIS;
      default -> 3_600 * MILLIS;
    };
  }

  /** What a list of matchers wants; a label that is absent counts as empty. */
  private static Predicate<Map<String, String>> wanted(String matchers) {
    Predicate<Map<String, String>> all = labels -> true;
    Matcher matcher = MATCHER.matcher(matchers);
    int at = 0;
    while (at < matchers.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException(matchers);
      }
      String name = matcher.group(1);
      String operator = matcher.group(2);
      String value = matcher.group(3).replaceAll("\\\\(.)", "$1");
      // Regular expressions are anchored at both ends.
      Pattern pattern = Pattern.compile(operator.endsWith("~") ? value : Pattern.quote(value));
      boolean wantsMatch = !operator.startsWith("!");
      all =
          all.and(labels -> pattern.matcher(labels.getOrDefault(name, "")).matches() == wantsMatch);
      at = matcher.end();
    }
    if (all.test(Map.of())) {
      throw new IllegalArgumentException("a selector needs a matcher that does not match nothing");
    }
    return all;
  }

  private String row(Kept kept, long from, long to) {
    List<String> values = new ArrayList<>();
    long first = Math.floorDiv(from, scrapeMillis) * scrapeMillis;
    for (long at = first; at <= to; at += scrapeMillis) {
      Double value = at > from || (leftClosed && at == from) ? kept.values().apply(at) : null;
      if (value != null) {
        values.add("[" + seconds(at) + ",\"" + number(value) + "\"]");
      }
    }
    if (values.isEmpty()) {
      return "";
    }
    String labels =
        kept.labels().entrySet().stream()
            .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
            .collect(Collectors.joining(","));
    return "{\"metric\":{" + labels + "},\"values\":[" + String.join(",", values) + "]}";
  }

  private static String success(String type, String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\""
        + type
        + "\",\"result\":"
        + result
        + "}}";
  }

  private static String seconds(long millis) {
    return millis % MILLIS == 0
        ? Long.toString(millis / MILLIS)
        : String.format(Locale.ROOT, "%d.%03d", millis / MILLIS, millis % MILLIS);
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.isNaN(value) ? "NaN" : new BigDecimal(value).toPlainString();
  }
}
