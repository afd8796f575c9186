package llmload.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.report.ReportWriter;
import llmload.report.ReportWriterContract;
import llmload.report.SampleComparisons;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;

class HtmlReportWriterTest extends ReportWriterContract {
  private static final Set<String> VOID = Set.of("meta", "br", "wbr");

  /** All that the template and the charts are made of; only the two scripts can run anything. */
  private static final Set<String> ELEMENTS =
      Set.of(
          "html",
          "head",
          "meta",
          "title",
          "style",
          "script",
          "body",
          "nav",
          "a",
          "main",
          "header",
          "p",
          "h1",
          "h2",
          "h3",
          "span",
          "b",
          "bdi",
          "section",
          "div",
          "ul",
          "li",
          "small",
          "table",
          "thead",
          "tbody",
          "tr",
          "th",
          "td",
          "details",
          "summary",
          "br",
          "wbr",
          "figure",
          "figcaption",
          "svg",
          "path",
          "line",
          "circle",
          "rect",
          "text");

  private static final Pattern TAG =
      Pattern.compile("<(/?)([A-Za-z][\\w-]*)((?:\\s+[\\w:-]+(?:=\"[^\"<]*\")?)*)\\s*(/?)>");

  @Override
  protected ReportWriter writer() {
    return new HtmlReportWriter();
  }

  @Override
  protected void assertWellFormed(String text) {
    assertThat(text).startsWith("<!DOCTYPE html>");
    assertThat(text.split("<script", -1)).hasSize(3);
    assertThat(text.split("</script", -1)).hasSize(3);
    // What a policy names by its hash is the kit's own, and no markup.
    String body =
        text.substring("<!DOCTYPE html>".length())
            .replaceAll("(?s)<(script|style)>.*?</\\1>", "<$1></$1>");
    Matcher tag = TAG.matcher(body);
    Deque<String> open = new ArrayDeque<>();
    int tags = 0;
    while (tag.find()) {
      tags++;
      String name = tag.group(2);
      assertThat(ELEMENTS).contains(name);
      assertThat(tag.group(3)).doesNotContainPattern("(?i)\\s(on\\w+|style|src)=");
      if (!tag.group(1).isEmpty()) {
        assertThat(open.pop()).isEqualTo(name);
      } else if (tag.group(4).isEmpty() && !VOID.contains(name)) {
        open.push(name);
      }
    }
    assertThat(open).isEmpty();
    // Every < begins one of those tags, so that no text was taken for markup.
    assertThat(body.chars().filter(c -> c == '<').count()).isEqualTo(tags);
    assertThat(body.codePoints()).noneMatch(c -> Character.isISOControl(c) && c != '\n');
  }

  @Test
  void page_needsNothingFromOutside() throws IOException {
    String text = written(SampleRunReports.ordinary());

    assertThat(text)
        .doesNotContain("<link", "<img", "url(", "@import", "src=", "import(", "fetch(")
        .doesNotContainPattern("href=\"(?!#)");
    // uPlot's address in its own copyright line is the only one that is no run's.
    assertThat(
            Pattern.compile("https?://[^\\s\"'<)]*")
                .matcher(text)
                .results()
                .map(MatchResult::group))
        .containsOnly("https://github.com/leeoniya/uPlot", "http://gpu-7.example:8000");
  }

  @Test
  void policy_allowsTheStyleSheetAndTheScriptsByTheirHash_andNothingElse()
      throws IOException, NoSuchAlgorithmException {
    String text = written(SampleRunReports.ordinary());
    List<String> parts =
        Pattern.compile("(?s)<(?:style|script)>(.*?)</(?:style|script)>")
            .matcher(text)
            .results()
            .map(found -> found.group(1))
            .toList();

    // The template escapes the policy's quotes and plus signs; a browser reads them back.
    String policy =
        text.replaceAll("(?s).*Content-Security-Policy\" content=\"([^\"]*)\".*", "$1")
            .replace("&#39;", "'");
    assertThat(parts).hasSize(3);
    assertThat(policy)
        .isEqualTo(
            "default-src 'none'; style-src %s; script-src %s %s; base-uri 'none'; form-action 'none'"
                .formatted(hash(parts.get(0)), hash(parts.get(1)), hash(parts.get(2))));
  }

  private static String hash(String text) throws NoSuchAlgorithmException {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  @Test
  void plotter_carriesItsLicence() throws IOException {
    assertThat(written(SampleRunReports.empty()))
        .containsSubsequence(
            "The MIT License (MIT)", "Leon Sorokin", "THE SOFTWARE IS PROVIDED", "var uPlot=");
  }

  @Test
  void verdict_comesBeforeTargets_andBothBeforeCharts() throws IOException {
    String text = written(SampleRunReports.ordinary());

    assertThat(text)
        .containsSubsequence(
            "<p class=\"word\">FAIL</p>",
            "2 of 4 targets met (POOR)",
            "required target ttft p99 &lt;= 400 ms (chat): measured 421.2 ms",
            "send lag p99 12.5 ms, the limit is 10 ms",
            "<h2>Targets</h2>",
            "<h2>Load and requests</h2>",
            "<h2>Errors</h2>",
            "Rate limit reached for tokens per minute",
            "<h2>Over time</h2>",
            "<h2>Latencies</h2>",
            "<h2>Metrics</h2>",
            "<h2>Injector</h2>",
            "<h2>Background</h2>",
            "nearest rank on recorded values");
  }

  @Test
  void target_thatIsMissedByAHair_doesNotLookMet() throws IOException {
    assertThat(written(SampleRunReports.ordinary()))
        .containsSubsequence(
            "data-name=\"limit\">&lt; 2,000 ms</td>", ">2,000.3 ms</td>", ">-&lt;0.1 %");
  }

  @Test
  void percentile_withFewSamplesBeyond_isGrey() throws IOException {
    // p99.9 of the 1,180 TTFTs is 96 × 1.45⁴ = 424.4 ms, with 1.18 samples beyond it.
    assertThat(written(SampleRunReports.ordinary()))
        .contains("<td class=\"n doubtful\">424.4 ?</td>")
        .contains("<td class=\"n\">292.7<small>");
  }

  @Test
  void gap_ofTheSeries_isAGapInTheLine() throws IOException {
    String text = written(SampleRunReports.ordinary());
    String chart = text.substring(text.indexOf("aria-label=\"Time to first token"));
    String line = chart.substring(chart.indexOf("<path class=\"line a\" d=\"M"));

    // The sample stalls once, so that the line is drawn in two pieces.
    String path = line.substring(0, line.indexOf("/>"));
    assertThat(path.chars().filter(c -> c == 'M').count()).isEqualTo(2);
  }

  @Test
  void sentencesOfTheVerdict_areNoMoreThanAReaderTakes() throws IOException {
    // The sample has 300 failures.
    assertThat(written(SampleRunReports.huge()))
        .contains("<bdi>and 280 more, in report.json</bdi>");
  }

  @Test
  void curves_areDrawnForEachScope_andCarryTheirNumbers() throws IOException {
    String text = written(SampleRunReports.ordinary());
    String latencies = text.substring(text.indexOf("<h2>Latencies</h2>"));
    String ttft = latencies.substring(0, latencies.indexOf("Inter-token latency"));

    assertThat(ttft)
        .containsSubsequence("<bdi>all</bdi>", "<bdi>chat</bdi>", "<bdi>structured</bdi>")
        .containsSubsequence(
            "<path class=\"line a\"", "<path class=\"line b\"", "<path class=\"line c\"")
        // All of 1,180: 48 to 96, 139.2, 201.84, 292.67; 0.9 times that of chat.
        .contains("data-label=\"all\" data-line=\"a\" data-y=\"48,96,139.2,201.84,292.67,")
        .contains("data-label=\"chat\" data-line=\"b\" data-y=\"43.2,86.4,125.28,181.66,263.4,");
    assertThat(latencies).contains("<title>48 to ");
  }

  @Test
  void emptyRun_saysSoInEachSection() throws IOException {
    assertThat(written(SampleRunReports.empty()))
        .contains("Nothing was measured.")
        .contains("No request was started.")
        .contains("Nothing was measured over time.")
        .contains("No request failed.")
        .contains("not measured");
  }

  @Test
  void comparison_isASectionOfItsOwn() throws IOException {
    String text = written(SampleComparisons.regressed());
    assertWellFormed(text);

    assertThat(text)
        .contains("<section id=\"baseline\">", "ttft p50", "80 ms", "96 ms", "+20.0 %", "users");
    assertThat(written(SampleRunReports.ordinary())).doesNotContain("id=\"baseline\"");
  }

  @Test
  void telemetry_standsBesideTheRequests_andItsGapIsAGap() throws IOException {
    String page = written(SampleRunReports.ordinary());
    int start = page.indexOf("<b>GPU power</b>");
    String figure = page.substring(start, page.indexOf("</figure>", start));
    int line = figure.lastIndexOf("class=\"line a\" d=\"");
    String path = figure.substring(line, figure.indexOf("/>", line));

    // Sixty intervals, five of them without a sample: two stretches of the line.
    assertThat(path.chars().filter(c -> c == 'M').count()).isEqualTo(2);
    assertThat(page)
        .contains("id=\"telemetry\"", "73,810", "not exposed by vllm (eviction_seconds)")
        .contains("server queue", "TIMEOUT: no whole answer")
        // Words run from the left and wrap, numbers stand to the right.
        .contains("<td class=\"note\"><bdi>energy_joules of dcgm</bdi></td>")
        .contains("<td class=\"n\"><bdi>73,810</bdi></td>");
  }

  @Test
  void telemetry_standsBesideTheNumbersOfEachInterval() throws IOException {
    String page = written(SampleRunReports.ordinary());
    String table = page.substring(page.indexOf("aria-label=\"Numbers over time\""));

    assertThat(table)
        .containsSubsequence("E2E p99 (ms)</th>", ">power (W)</th>", ">queue_depth (req)</th></tr>")
        // 24 s is in a gap of five seconds; at 25 s it is 1200 + 30 sin 25 W, and 25 mod 8 wait.
        .containsPattern(
            "<th scope=\"row\" class=\"n\">24</th>.{0,400}>-</td><td class=\"n\">-</td></tr>")
        .containsPattern(
            "<th scope=\"row\" class=\"n\">25</th>.{0,400}>1,196</td><td class=\"n\">1</td></tr>");
    assertThat(page)
        .contains("<bdi>Slow intervals, and what made them slow</bdi>", "<bdi>slow_in</bdi>")
        .contains("<bdi>IDLE_TIMEOUT</bdi>")
        .doesNotContain("<bdi>clock (MHz)</bdi>");
  }
}
