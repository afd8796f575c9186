package llmload.telemetry.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import llmload.testing.Fixtures;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two torture texts, whose expected values stand beside them, and lines of every shape. */
class ExpositionParserTest {

  private static Exposition fixture(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ExpositionParserTest.class.getResourceAsStream("/fixtures/telemetry/" + name))) {
      return ExpositionParser.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Series only(Exposition exposition, String name) {
    List<Series> found =
        exposition.series().stream().filter(series -> series.name().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static Series line(String text) {
    Exposition read = ExpositionParser.parse(text);
    assertThat(read.badLineCount()).as(text).isZero();
    assertThat(read.series()).as(text).hasSize(1);
    return read.series().get(0);
  }

  @Test
  void edgeCases_areReadOrCounted() throws IOException {
    Exposition read = fixture("edge-cases.prom");

    // 16 sample lines of 15 series; a line of garbage and a line cut short.
    assertThat(read.series()).hasSize(15);
    assertThat(read.duplicateCount()).isEqualTo(1);
    assertThat(read.badLineCount()).isEqualTo(2);
    assertThat(only(read, "windows_path_label_seconds").labels())
        .isEqualTo(Map.of("path", "D:\\RUNS\\OUT.LOG", "error", "not readable:\n\"OUT.LOG\""));
    assertThat(only(read, "windows_path_label_seconds").value()).isEqualTo(1_787_127_000.0);
    assertThat(only(read, "no_labels_and_no_timestamp").labels()).isEmpty();
    assertThat(only(read, "no_labels_and_no_timestamp").timestampSeconds()).isNull();
    assertThat(only(read, "negative_timestamp").value()).isEqualTo(Double.POSITIVE_INFINITY);
    // Milliseconds in this format.
    assertThat(only(read, "negative_timestamp").timestampSeconds()).isEqualTo(-4000.123);
    assertThat(only(read, "trailing_comma").labels()).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(only(read, "blanks_everywhere").labels()).isEqualTo(Map.of("a", "1", "b", "}"));
    assertThat(only(read, "blanks_everywhere").timestampSeconds()).isEqualTo(1787127000.418);
    assertThat(only(read, "hash_in_label").label("a")).isEqualTo("# not a comment");
    assertThat(only(read, "nan_value").value()).isNaN();
    assertThat(only(read, "neg_inf").value()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(only(read, "hex_is_go_parsefloat").value()).isEqualTo(0.25);
    assertThat(only(read, "exp").value()).isEqualTo(3_214_570.0);
    assertThat(only(read, "empty_label").label("a")).isEmpty();
    assertThat(only(read, "utf8_label").label("a")).isEqualTo("größe");
    assertThat(only(read, "a.dotted.metric").label("lab")).isEqualTo("v");
    assertThat(only(read, "no_type_no_help_total").value()).isEqualTo(9);
    assertThat(only(read, "dup").value()).isEqualTo(2);
  }

  @Test
  void openMetrics_losesItsExemplars_andKeepsSeconds() throws IOException {
    Exposition read = fixture("openmetrics.txt");

    assertThat(read.series()).hasSize(11);
    assertThat(read.badLineCount()).isZero();
    assertThat(only(read, "http_requests_total").value()).isEqualTo(1311);
    assertThat(only(read, "http_requests_total").timestampSeconds()).isEqualTo(1787127000.418);
    assertThat(read.series().stream().filter(s -> s.name().equals("lat_seconds_bucket")))
        .extracting(s -> s.label("le") + "=" + s.value())
        .containsExactly("0.1=5.0", "1.0=9.0", "+Inf=12.0");
    assertThat(only(read, "lat_seconds_sum").value()).isEqualTo(21.75);
    assertThat(only(read, "build_info").label("version")).isEqualTo("1.2");
  }

  @ParameterizedTest
  @CsvSource({
    "1e+06, 1000000",
    "+5, 5",
    "-.5, -0.5",
    "6.8719476736e+010, 68719476736",
    "0X1.8p1, 3",
    "inf, Infinity",
    "-Infinity, -Infinity"
  })
  void values_areWhatGoReads(String word, double expected) {
    assertThat(line("m " + word).value()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m",
        "m x",
        "m 1d",
        "m 0x1",
        "m 1_000",
        "m 1 2 3",
        "m 1 # {} 3",
        "m{a=1} 2",
        "m{a=\"1\" b=\"2\"} 3",
        "m{a} 1",
        "m{,} 1",
        "{\"lab\"=\"v\"} 1",
        "{\"a\",\"b\"} 1",
        "m{a=\"1\"",
        "9m 1",
        "{} 1",
        "<html>"
      })
  void otherLines_areBad(String text) {
    Exposition read = ExpositionParser.parse(text + "\nok 1\n");

    assertThat(read.badLineCount()).isEqualTo(1);
    assertThat(read.series()).extracting(Series::name).containsExactly("ok");
  }

  @Test
  void lineEndsOfWindows_andAMissingLastOne_areRead() {
    Exposition read = ExpositionParser.parse("a 1\r\nb{x=\"y\"} 2 3000\r\n\r\nc 3");

    assertThat(read.series()).extracting(Series::name).containsExactly("a", "b", "c");
    assertThat(only(read, "b").timestampSeconds()).isEqualTo(3);
  }

  @Test
  void labelValueThatLooksLikeTwoLabels_isAnotherSeries() {
    Exposition read = ExpositionParser.parse("m{a=\"1, b=2\"} 1\nm{a=\"1\",b=\"2\"} 2");

    assertThat(read.series()).hasSize(2);
    assertThat(read.duplicateCount()).isZero();
  }

  @Test
  void unknownEscapes_stayAsTheyAre() {
    assertThat(line("m{a=\"x\\ty\\\\\"} 1").label("a")).isEqualTo("x\\ty\\");
  }

  @Property
  void anyText_isReadWithoutFailing(@ForAll String text) {
    assertThatCode(() -> ExpositionParser.parse(text)).doesNotThrowAnyException();
  }

  @Property
  void labelValues_comeBackAsTheyWere(
      @ForAll @Chars({'a', '"', '\\', '\n', '}', '#', ' '}) String value) {
    String escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");

    assertThat(line("m{a=\"" + escaped + "\"} 1").label("a")).isEqualTo(value);
  }

  private static final List<String> LINES =
      List.of(
          "m 1",
          "m 2.5",
          "m 1 3000",
          "m-5",
          "m5 7",
          "mean 4",
          "m{a=\"1\"} 3",
          "m{a=\"1\"}4",
          "m{a=\"2\"} NaN",
          "m{a=\"größe\"} 1e+06",
          "  m 9",
          "m_bucket{le=\"1\"} 4",
          "m_bucket{le=\"1\"} 5",
          "m_bucket{le=1} 5",
          "# HELP m A number",
          "# HELP m A number of another kind",
          "# EOF",
          "m 1 # {} 3",
          "m 123456789012345678901234567890",
          "m -0",
          "m 0.1e-7\r",
          "garbage",
          "");

  /** What one parser remembers of a page must not change what it reads in the next one. */
  @Property
  void pagesOneAfterTheOther_areReadAsEachAlone(
      @ForAll @Size(max = 4) List<@Size(max = 8) List<@IntRange(max = 22) Integer>> pages,
      @ForAll boolean lastLineEnds) {
    ExpositionParser one = ExpositionParser.withoutBuckets();
    for (List<Integer> page : pages) {
      String text =
          page.stream().map(LINES::get).collect(Collectors.joining("\n"))
              + (lastLineEnds ? "\n" : "");
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      Exposition read = one.read(bytes);
      Exposition alone = ExpositionParser.withoutBuckets().read(bytes);

      assertThat(read.badLineCount()).isEqualTo(alone.badLineCount());
      assertThat(read.duplicateCount()).isEqualTo(alone.duplicateCount());
      assertThat(read.series().stream().map(ExpositionParserTest::whole).toList())
          .as(text)
          .isEqualTo(alone.series().stream().map(ExpositionParserTest::whole).toList());
    }
  }

  private static String whole(Series series) {
    return series + " " + series.timestampSeconds();
  }

  @Test
  void secondPage_hasItsOwnNumbers() {
    ExpositionParser parser = ExpositionParser.withoutBuckets();
    Exposition first =
        parser.read(Fixtures.text("telemetry/vllm.prom").getBytes(StandardCharsets.UTF_8));
    Exposition last =
        parser.read(Fixtures.text("telemetry/vllm-t60.prom").getBytes(StandardCharsets.UTF_8));

    // From the two pages themselves: 90,600 tokens apart.
    assertThat(only(last, "vllm:generation_tokens_total").value())
        .isEqualTo(only(first, "vllm:generation_tokens_total").value() + 90_600);
    assertThat(only(last, "vllm:kv_cache_usage_perc").value()).isEqualTo(0.75);
    assertThat(only(first, "vllm:kv_cache_usage_perc").value()).isEqualTo(0.3125);
  }

  /** Against the JDK's reading of the same digits. */
  @Property
  void plainNumbers_areTheNearestDoubles(
      @ForAll @LongRange(min = -99_999_999_999_999_999L, max = 99_999_999_999_999_999L) long digits,
      @ForAll @IntRange(max = 25) int scale,
      @ForAll @IntRange(min = -30, max = 30) int exponent) {
    String word = new BigDecimal(BigInteger.valueOf(digits), scale).toPlainString();
    for (String text : List.of(word, word + "e" + exponent)) {
      PlainNumber number = new PlainNumber();
      if (number.read(text.getBytes(StandardCharsets.UTF_8), 0) >= 0) {
        assertThat(number.value()).as(text).isEqualTo(Double.parseDouble(text));
      }
    }
    byte[] whole = Long.toString(digits % 1_000_000_000L).getBytes(StandardCharsets.UTF_8);
    assertThat(new PlainNumber().read(whole, 0)).isEqualTo(whole.length);
  }

  @Test
  void withoutBuckets_everythingElseStays() {
    String text = Fixtures.text("telemetry/vllm.prom");
    Exposition all = ExpositionParser.parse(text);
    Exposition few = ExpositionParser.withoutBuckets().read(text.getBytes(StandardCharsets.UTF_8));

    assertThat(few.series().stream().map(Series::toString).toList())
        .isNotEmpty()
        .isEqualTo(
            all.series().stream()
                .filter(series -> !series.name().endsWith("_bucket"))
                .map(Series::toString)
                .toList());
    assertThat(few.series()).hasSizeLessThan(all.series().size());
  }
}
