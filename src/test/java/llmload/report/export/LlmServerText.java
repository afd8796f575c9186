package llmload.report.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import llmload.model.RequestRecord;
import llmload.model.ResultTable;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.SuiteResult;
import org.jspecify.annotations.Nullable;

/** What llm-server's own result files share: names, numbers and headings. */
final class LlmServerText {
  /** What stands where nothing was measured. */
  static final String ABSENT = "null";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String REAL = "llm-server-real";
  private static final String DEFAULT_PROVIDER = "groq";

  private LlmServerText() {}

  /** When the run began, UTC, as the script names its files by. */
  static String stamp(RunReport report) {
    return STAMP.format(report.manifest().startedAt());
  }

  /** A moment of the run as its console shows it. */
  static String moment(RunManifest manifest, long sinceAnchorNanos) {
    Instant at = manifest.startedAt().plusNanos(sinceAnchorNanos);
    return DateTimeFormatter.ISO_INSTANT.format(at.truncatedTo(ChronoUnit.MILLIS));
  }

  /** The model's name; {@code n/a} where none is sent. */
  static String model(RunManifest manifest) {
    String model = manifest.target().model();
    return model == null ? "n/a" : model;
  }

  /** The provider that the requests named; {@code n/a} for a dialect that names none. */
  static String provider(RunManifest manifest) {
    try {
      JsonNode body = MAPPER.readTree(manifest.settings().getOrDefault("extraBody", "{}"));
      String given = body.path("provider").asText("");
      if (!given.isEmpty()) {
        return given;
      }
    } catch (JsonProcessingException e) {
      // A body that is no JSON was refused before the run.
    }
    return manifest.target().dialect().equals(REAL) ? DEFAULT_PROVIDER : "n/a";
  }

  /** Seconds with millisecond digits. */
  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }

  /** A number, or {@link #ABSENT}. */
  static String number(@Nullable Number value) {
    if (value == null) {
      return ABSENT;
    }
    double number = value.doubleValue();
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.format(Locale.ROOT, "%.0f", number)
        : String.format(Locale.ROOT, "%.3f", number);
  }

  /** How long a request took, in seconds. */
  static double latencySeconds(RequestRecord request) {
    return request.stamps().endNanos() / 1e9;
  }

  /** A field of a CSV file, by RFC 4180. */
  static String csv(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** The growth of the server's counters by owner; empty where none were read. */
  static Map<String, Map<String, @Nullable Object>> counters(RunReport report) {
    Map<String, Map<String, @Nullable Object>> all = new TreeMap<>();
    SuiteResult suite = report.suite();
    if (suite == null) {
      return all;
    }
    for (ResultTable table : suite.tables()) {
      if (table.id().equals("server_counters")) {
        table
            .rows()
            .forEach(
                row ->
                    all.computeIfAbsent(String.valueOf(row.get(0)), key -> new TreeMap<>())
                        .put(String.valueOf(row.get(1)), row.get(2)));
      }
    }
    return all;
  }

  /** The same as one line of JSON; {@link #ABSENT} where none were read. */
  static String countersJson(RunReport report) {
    Map<String, Map<String, @Nullable Object>> counters = counters(report);
    if (counters.isEmpty()) {
      return ABSENT;
    }
    try {
      return MAPPER.writeValueAsString(counters);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of words and numbers are JSON", e);
    }
  }

  /** The figures that the guide promises for a run, each with its number or {@link #ABSENT}. */
  static List<String> summary(List<RequestRecord> requests) {
    List<RequestRecord> ok = requests.stream().filter(r -> r.outcome().isOk()).toList();
    long failed = requests.stream().filter(r -> r.outcome().isFailed()).count();
    double[] seconds = ok.stream().mapToDouble(LlmServerText::latencySeconds).sorted().toArray();
    Long input = sum(ok, request -> request.usage().inputTokens());
    Long output = sum(ok, request -> request.usage().outputTokens());
    double busy = ok.stream().mapToDouble(LlmServerText::latencySeconds).sum();
    List<String> lines = new ArrayList<>();
    lines.add("Total requests: " + requests.size());
    lines.add("Successful requests: " + ok.size());
    lines.add("Error count: " + failed);
    lines.add(
        "Error rate: " + (requests.isEmpty() ? ABSENT : number(failed / (double) requests.size())));
    lines.add("Input tokens: " + number(input));
    lines.add("Output tokens: " + number(output));
    lines.add("Average duration (s): " + (ok.isEmpty() ? ABSENT : seconds(busy / ok.size())));
    lines.add("Latency p95 (s): " + at(seconds, 0.95));
    lines.add("Latency p99 (s): " + at(seconds, 0.99));
    lines.add("Latency max (s): " + at(seconds, 1));
    lines.add(
        "Token generation rate (tok/s): "
            + (output == null || busy == 0 ? ABSENT : number(output / busy)));
    lines.add(
        "Input/output token ratio: "
            + (input == null || output == null || output == 0
                ? ABSENT
                : number(input / (double) output)));
    return lines;
  }

  private static @Nullable Long sum(
      List<RequestRecord> requests, Function<RequestRecord, @Nullable Integer> count) {
    Long sum = null;
    for (RequestRecord request : requests) {
      Integer tokens = count.apply(request);
      if (tokens != null) {
        sum = (sum == null ? 0 : sum) + tokens;
      }
    }
    return sum;
  }

  private static String at(double[] ascendingSeconds, double share) {
    return ascendingSeconds.length == 0 ? ABSENT : seconds(byIndex(ascendingSeconds, share));
  }

  /** llm-server's own percentile: the element at ⌊share × n⌋, the last one beyond the end. */
  static double byIndex(double[] ascending, double share) {
    return ascending[Math.min(ascending.length - 1, (int) (share * ascending.length))];
  }
}
