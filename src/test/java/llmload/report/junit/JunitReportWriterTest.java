package llmload.report.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import llmload.model.RunReport;
import llmload.report.ReportWriter;
import llmload.report.ReportWriterContract;
import llmload.report.SampleComparisons;
import llmload.report.SampleRunReports;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class JunitReportWriterTest extends ReportWriterContract {

  @Override
  protected ReportWriter writer() {
    return new JunitReportWriter();
  }

  @Override
  protected void assertWellFormed(String text) {
    Document document = parsed(text);
    Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests"))
        .isEqualTo("" + document.getElementsByTagName("testcase").getLength());
    for (String state : List.of("failure", "error")) {
      assertThat(suite.getAttribute(state + "s"))
          .isEqualTo("" + document.getElementsByTagName(state).getLength());
    }
    assertThat(suite.getAttribute("skipped"))
        .isEqualTo("" + document.getElementsByTagName("skipped").getLength());
  }

  private static Document parsed(String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("not well-formed: " + e.getMessage(), e);
    }
  }

  /** Each case as {@code name -> state: message}. */
  private List<String> cases(RunReport report) throws IOException {
    List<String> cases = new ArrayList<>();
    NodeList nodes = parsed(written(report)).getElementsByTagName("testcase");
    for (int i = 0; i < nodes.getLength(); i++) {
      Element testCase = (Element) nodes.item(i);
      String state = "passed";
      for (String word : List.of("failure", "error", "skipped")) {
        NodeList found = testCase.getElementsByTagName(word);
        if (found.getLength() > 0) {
          state = word + ": " + ((Element) found.item(0)).getAttribute("message");
        }
      }
      cases.add(
          testCase.getAttribute("classname")
              + " "
              + testCase.getAttribute("name")
              + " -> "
              + state);
    }
    return cases;
  }

  @Test
  void ordinaryRun_hasOneCaseATargetAndOneForTheValidity() throws IOException {
    assertThat(cases(SampleRunReports.ordinary()))
        .containsExactly(
            "llmload.validity validity -> passed",
            "llmload.targets.chat ttft p99 <= 400 ms -> failure: MISSED: measured 421.2 ms, limit <="
                + " 400 ms, margin -5.3 %, 880 samples",
            "llmload.targets.all itl p50 < 20 ms -> passed",
            "llmload.targets.all e2e p95 < 2,000 ms -> failure: MISSED: measured 2,000.3 ms, limit <"
                + " 2,000 ms, margin -<0.1 %, 1180 samples",
            "llmload.targets.all tpot mean <= 15 ms -> passed",
            "llmload.targets.structured ttft p99.9 < 900 ms -> skipped: INCONCLUSIVE: p99.9 needs"
                + " 1000 samples, the run has 300");
  }

  @Test
  void telemetry_isAmongTheProperties_andWarningsInTheOutput() throws IOException {
    Document document = parsed(written(SampleRunReports.ordinary()));
    Map<String, String> properties = new TreeMap<>();
    NodeList nodes = document.getElementsByTagName("property");
    for (int i = 0; i < nodes.getLength(); i++) {
      Element property = (Element) nodes.item(i);
      properties.put(property.getAttribute("name"), property.getAttribute("value"));
    }

    assertThat(properties)
        .containsEntry("telemetry.energy", "73,810 J")
        .containsEntry("telemetry.queue_depth", "1.250 req")
        .doesNotContainKey("telemetry.eviction_time");
    NodeList outputs = document.getElementsByTagName("system-out");
    String output = outputs.item(outputs.getLength() - 1).getTextContent();
    assertThat(output).contains(SampleRunReports.ordinary().manifest().warnings());
  }

  @Test
  void runThatIsNotToBeBelieved_isAnErrorThroughout() throws IOException {
    assertThat(cases(SampleRunReports.partial()))
        .hasSize(6)
        .allMatch(line -> line.contains(" -> error: "))
        .anyMatch(line -> line.contains("the run is PARTIAL; measured 11.52 ms"));
  }

  @Test
  void targetWithoutData_isAnError() throws IOException {
    assertThat(cases(SampleRunReports.empty()))
        .contains(
            "llmload.targets.all ttft p50 < 5 ms -> error: the run is NO_DATA; measured -, limit < 5"
                + " ms, margin -, 0 samples");
  }

  @Test
  void comparison_isACaseOfItsOwn() throws IOException {
    assertThat(cases(SampleRunReports.passing()))
        .contains("llmload.regression regression -> passed");
  }

  @Test
  void comparison_hasACaseForEachNumber() throws IOException {
    String text = written(SampleComparisons.regressed());
    assertWellFormed(text);

    // The ordinary run has one case more for the validity and two for its targets.
    assertThat(text)
        .contains("tests=\"8\" failures=\"2\" errors=\"1\" skipped=\"1\"")
        .contains("classname=\"llmload.regression.all\" name=\"ttft p50\"")
        .contains("REGRESSION: 80 ms in the baseline, 96 ms now, change +20.0 %, limit 5 %");
  }
}
