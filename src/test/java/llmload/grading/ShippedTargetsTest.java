package llmload.grading;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import llmload.config.YamlDocument;
import llmload.model.Operator;
import llmload.model.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the shipped target files to transcriptions of where their numbers come from. */
class ShippedTargetsTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final TargetFolder FOLDER = TargetFolder.of(ROOT);
  private static final Pattern ORIGIN = Pattern.compile("\\((s\\d\\.[\\w.]+)\\)");
  private static final Pattern LISTED = Pattern.compile("`(s\\d\\.[\\w.]+)`");

  /**
   * What a metric of the earlier suites is here: our metric, its statistic, and the factor of its
   * unit. 001's tokens per second are those of a whole group, 000's and 002's of one request.
   */
  private static final Map<String, Ours> METRICS =
      Map.ofEntries(
          Map.entry("000 output_tokens_per_second", perUser()),
          Map.entry("000 latency_per_token_ms", perToken()),
          Map.entry("003 avg_tpot_ms", perToken()),
          Map.entry("001 tokens_per_second", new Ours("output_tokens_per_second", "value", 1)),
          Map.entry("002 tokens_per_second", perUser()),
          Map.entry("003 avg_throughput_tps", perUser()),
          Map.entry("002 ttft_ms", new Ours("ttft", "p50", 1)),
          Map.entry("003 avg_ttft_ms", new Ours("ttft", "mean", 1)),
          Map.entry("003 avg_tbt_ms", new Ours("tpot", "mean", 1)),
          Map.entry("001 p95_ms", new Ours("e2e", "p95", 1)),
          Map.entry("001 p99_ms", new Ours("e2e", "p99", 1)),
          Map.entry("001 p95_s", new Ours("e2e", "p95", 1000)),
          Map.entry("002 p95_ms", new Ours("e2e", "p95", 1)),
          Map.entry("002 retrieval_p95_ms", new Ours("e2e", "p95", 1)),
          Map.entry("001 health_latency_ms", new Ours("e2e", "max", 1)),
          Map.entry("001 speedup_3_agents", new Ours("agent_speedup", "value", 1)),
          Map.entry("001 speedup_5_agents", new Ours("agent_speedup", "value", 1)),
          Map.entry("001 batching_speedup", new Ours("agent_speedup", "value", 1)),
          Map.entry("001 cold_vs_resume_speedup", new Ours("resume_speedup", "value", 1)),
          Map.entry("001 cache_load_time_ms", new Ours("cache_load", "p50", 1)),
          Map.entry("001 cache_save_time_ms", new Ours("cache_save", "p50", 1)),
          Map.entry("001 memory_per_agent_mb", new Ours("memory_per_agent", "value", 1)),
          Map.entry("001 cache_memory_mb", new Ours("cache_memory", "value", 1)),
          Map.entry("001 memory_overhead_pct", new Ours("memory_overhead", "value", 0.01)),
          Map.entry("001 padding_overhead_pct", new Ours("padding_overhead", "value", 0.01)),
          Map.entry("001 memory_growth_pct", new Ours("memory_growth", "value", 0.01)),
          Map.entry("001 p95_degradation_pct", new Ours("e2e_p95_drift", "value", 0.01)),
          Map.entry("001 error_rate", new Ours("error_rate", "value", 1)),
          Map.entry("003 error_rate", new Ours("error_rate", "value", 1)),
          Map.entry("003 peak_mem_mb", new Ours("peak_memory", "value", 1)),
          Map.entry("003 prefix_hit_rate", new Ours("prefix_hit_rate", "value", 1)),
          Map.entry("003 spec_accept_rate", new Ours("spec_accept_rate", "value", 1)),
          Map.entry("002 system_memory_percent_peak", new Ours("host_memory_peak", "value", 0.01)),
          Map.entry("002 energy_per_token_joules", new Ours("energy_per_output_token", "value", 1)),
          Map.entry("002 error_rate_percent", new Ours("error_rate", "value", 0.01)),
          Map.entry("004 test_duration_s", new Ours("part_duration", "value", 1)),
          Map.entry("002 spike_rate_percent", new Ours("spike_rate", "value", 0.01)));

  private static final Map<String, String> OPPOSITE =
      Map.of("<", ">=", "<=", ">", ">", "<=", ">=", "<");

  private record Ours(String metric, String statistic, double factor) {}

  private static Ours perUser() {
    return new Ours("output_tokens_per_second_per_user", "mean", 1);
  }

  private static Ours perToken() {
    return new Ours("e2e_per_output_token", "mean", 1);
  }

  static List<String> names() {
    return FOLDER.names();
  }

  private static Stream<Target> shipped() {
    return names().stream().flatMap(name -> FOLDER.read(name).targets().stream());
  }

  private static List<Target> shippedFrom(String id) {
    return shipped()
        .filter(target -> target.source() != null && target.source().contains("(" + id + ")"))
        .toList();
  }

  static List<Map<?, ?>> rows() {
    Path file = ROOT.resolve("src/test/resources/fixtures/grading/earlier-suites.yaml");
    Object rows = YamlDocument.read(file).get("targets");
    assertThat(rows).isInstanceOf(List.class);
    return ((List<?>) rows)
        .stream().<Map<?, ?>>map(row -> row instanceof Map<?, ?> map ? map : Map.of()).toList();
  }

  static List<Map<?, ?>> shippedRows() {
    return rows().stream().filter(row -> !shippedFrom(text(row, "id")).isEmpty()).toList();
  }

  private static String about(String count) {
    int tokens = Integer.parseInt(count);
    return number(tokens * 9 / 10.0) + " to " + number(tokens * 11 / 10.0);
  }

  private static String text(Map<?, ?> row, String key) {
    return String.valueOf(row.get(key));
  }

  @Test
  void folder_hasThePresetsOfTheDesign() {
    assertThat(names())
        .contains("smoke", "rtx_4090", "rtx_3080", "cpu_only", "year1", "year2", "year3")
        .hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("names")
  void file_isNamedAsItSays_andTellsItsPurposeAndSources(String name) {
    TargetPreset preset = FOLDER.read(name);

    assertThat(preset.name()).isEqualTo(name);
    assertThat(preset.description()).isNotBlank();
    assertThat(preset.targets()).isNotEmpty().allSatisfy(t -> assertThat(t.source()).isNotBlank());
  }

  @Test
  void allFilesTogether_loseNoTargetAndShareNoId() {
    List<Target> together = FOLDER.combined(names());

    assertThat(together).hasSize(Math.toIntExact(shipped().count()));
    assertThat(together).extracting(Target::id).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/fixtures/grading/mlperf-limits.csv", useHeadersInDisplayName = true)
  void mlperfStyleFile_hasTheLimitsOfItsRow_required(
      String model,
      String scenario,
      @Nullable Double ttft,
      @Nullable Double tpot,
      @Nullable Double e2e) {
    String name = "mlperf-style-" + model + (scenario.equals("Server") ? "" : "-interactive");
    List<Target> required = FOLDER.read(name).targets().stream().filter(Target::required).toList();

    assertThat(required)
        .allSatisfy(t -> assertThat(t.source()).contains("mlcommons/inference", "round v6."))
        .extracting(t -> t.metric() + " " + t.statistic() + " " + t.op().symbol() + " " + t.value())
        .containsExactlyElementsOf(
            Stream.of(limit("ttft", ttft), limit("tpot", tpot), limit("e2e", e2e))
                .flatMap(List::stream)
                .toList());
  }

  private static List<String> limit(String metric, @Nullable Double millis) {
    return millis == null ? List.of() : List.of(metric + " p99 <= " + millis);
  }

  @Test
  void mlperfStyleFiles_areThoseOfTheTable() {
    // 13 rows of the table; the edge model has no latency limit and so no file.
    assertThat(names()).filteredOn(name -> name.startsWith("mlperf-style-")).hasSize(13);
  }

  @ParameterizedTest
  @MethodSource("shippedRows")
  void shippedTarget_hasTheNumbersOfItsOrigin(Map<?, ?> row) {
    List<Target> targets = shippedFrom(text(row, "id"));
    List<String> found = targets.stream().map(ShippedTargetsTest::words).toList();
    List<String> expected = expected(row);

    assertThat(expected).as("a number for each shipped row").isNotEmpty();
    // An alert also has a second threshold, which its row states as a factor in words.
    assertThat(found).containsAll(expected);
    if (!text(row, "kind").equals("alert")) {
      assertThat(Set.copyOf(found)).hasSize(expected.size());
    }
    if (!text(row, "kind").equals("gate")) {
      assertThat(targets).noneMatch(Target::graded);
    }
  }

  @Test
  void criticalAlerts_areTheStatedFactorsOfTheWarnings() {
    // 0.8 x 30 tok/s = 24 tok/s; 1.5 x 5 ms = 7.5 ms.
    assertThat(shippedFrom("s2.alert.tok.warn").stream().map(ShippedTargetsTest::words))
        .containsExactlyInAnyOrder(
            "output_tokens_per_second_per_user mean >= 30.0000 tok/s",
            "output_tokens_per_second_per_user mean > 24.0000 tok/s");
    assertThat(shippedFrom("s2.alert.ttft.warn").stream().map(ShippedTargetsTest::words))
        .containsExactlyInAnyOrder("ttft p50 <= 5.0000 ms", "ttft p50 < 7.5000 ms");
  }

  /** The row in our words: its metric and unit converted, an alert turned into what it expects. */
  private static List<String> expected(Map<?, ?> row) {
    if (text(row, "metric").equals("success_ratio")) {
      // Success above 95 % is an error rate below 1 - 0.95.
      assertThat(row.get("op")).isEqualTo(">");
      assertThat(row.get("value")).isEqualTo(0.95);
      return List.of("error_rate value < 0.0500 ratio");
    }
    if (text(row, "metric").equals("input/output tokens")) {
      // The row's values are running totals; its note has the case's own.
      Matcher own = Pattern.compile("true per-case (\\d+)/(\\d+)").matcher(text(row, "note"));
      assertThat(own.find()).isTrue();
      // Each is "about" that many: give or take a tenth.
      return List.of(
          "input_tokens mean between " + about(own.group(1)) + " tok",
          "output_tokens mean between " + about(own.group(2)) + " tok");
    }
    Ours ours = METRICS.get(text(row, "seed") + " " + text(row, "metric"));
    assertThat(ours).as("what %s is here", row).isNotNull();
    String unit =
        switch (ours.metric()) {
          case "error_rate",
              "spike_rate",
              "memory_overhead",
              "padding_overhead",
              "memory_growth",
              "e2e_p95_drift",
              "prefix_hit_rate",
              "spec_accept_rate",
              "host_memory_peak" ->
              "ratio";
          case "agent_speedup", "resume_speedup" -> "x";
          case "memory_per_agent", "cache_memory", "peak_memory" -> "MiB";
          case "energy_per_output_token" -> "J/tok";
          case "part_duration" -> "s";
          case "cache_load", "cache_save", "ttft", "tpot", "e2e", "e2e_per_output_token" -> "ms";
          default -> "tok/s";
        };
    String subject = ours.metric() + " " + ours.statistic() + " ";
    if (row.get("green") instanceof String green && row.get("yellow") instanceof String yellow) {
      return Stream.of(green, yellow)
          .map(limit -> limit.split(" ", 2))
          .map(p -> subject + p[0] + " " + number(Double.parseDouble(p[1])) + " " + unit)
          .toList();
    }
    if (row.get("range") instanceof List<?> range) {
      String bounds =
          range.stream()
              .map(bound -> number(((Number) bound).doubleValue() * ours.factor()))
              .collect(Collectors.joining(" to "));
      return List.of(subject + "between " + bounds + " " + unit);
    }
    String op = text(row, "op");
    String kept = Set.of("alert", "poor").contains(text(row, "kind")) ? OPPOSITE.get(op) : op;
    double value = Double.parseDouble(text(row, "value")) * ours.factor();
    return List.of(subject + kept + " " + number(value) + " " + unit);
  }

  private static String words(Target target) {
    String upper =
        target.op() == Operator.BETWEEN && target.upper() != null
            ? " to " + number(target.upper())
            : "";
    return "%s %s %s %s%s %s"
        .formatted(
            target.metric(),
            target.statistic(),
            target.op().symbol(),
            number(target.value()),
            upper,
            target.unit());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  @Test
  void rowsOfTheEarlierSuites_areShippedOrListedWithTheirNumbers() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/targets.md"));
    Set<String> listed = new TreeSet<>();
    Matcher id = LISTED.matcher(page);
    while (id.find()) {
      listed.add(id.group(1));
    }
    Set<String> expected = new TreeSet<>();
    for (Map<?, ?> row : rows()) {
      if (shippedFrom(text(row, "id")).isEmpty()) {
        expected.add(text(row, "id"));
        String line =
            page.lines().filter(l -> l.contains("`" + row.get("id") + "`")).findFirst().orElse("");
        numbers(row).forEach(number -> assertThat(line).as("%s", row).contains(number));
      }
    }

    assertThat(rows()).hasSize(121);
    assertThat(listed).isEqualTo(expected);
  }

  /** The limits of a row as the page writes them: {@code 5}, {@code 0.7}. */
  private static List<String> numbers(Map<?, ?> row) {
    Object value = row.get("range") == null ? row.get("value") : row.get("range");
    List<?> all = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    return all.stream().map(n -> NumberText.of(((Number) n).doubleValue())).toList();
  }

  @Test
  void originsOfShippedTargets_areRowsOfTheEarlierSuites() {
    Set<String> known = rows().stream().map(row -> text(row, "id")).collect(Collectors.toSet());
    Set<String> named = new TreeSet<>();
    shipped()
        .map(Target::source)
        .forEach(
            source -> {
              Matcher origin = ORIGIN.matcher(String.valueOf(source));
              while (origin.find()) {
                named.add(origin.group(1));
              }
            });

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(known).containsAll(named);
  }

  @Test
  void everyFile_isInTheDocument() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/targets.md"));

    assertThat(names()).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }
}
