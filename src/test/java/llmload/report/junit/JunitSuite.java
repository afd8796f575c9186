package llmload.report.junit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import llmload.model.RunReport;
import llmload.report.ForeignText;
import llmload.report.Headline;
import llmload.report.TelemetryText;
import llmload.report.junit.CaseElement.State;

/** The XML of one run's test suite. */
final class JunitSuite {
  private final RunReport report;
  private final XMLStreamWriter xml;
  private final List<CaseElement> cases = new ArrayList<>();

  JunitSuite(RunReport report, XMLStreamWriter xml) {
    this.report = report;
    this.xml = xml;
    cases.add(CaseElement.ofValidity(report));
    report.targets().forEach(target -> cases.add(CaseElement.of(target, report.verdict())));
    cases.addAll(ComparisonCases.of(report));
  }

  void write() throws XMLStreamException {
    String seconds = String.format(Locale.ROOT, "%.3f", report.measurements().durationSeconds());
    xml.writeStartDocument("UTF-8", "1.0");
    newLine(0);
    xml.writeStartElement("testsuites");
    attribute("name", "llmload");
    totals(seconds);
    newLine(1);
    xml.writeStartElement("testsuite");
    attribute("name", report.manifest().simulation());
    attribute("timestamp", report.manifest().startedAt().toString());
    attribute("hostname", report.manifest().environment().getOrDefault("hostname", "localhost"));
    totals(seconds);
    properties(2, properties());
    for (CaseElement testCase : cases) {
      write(testCase);
    }
    newLine(2);
    xml.writeStartElement("system-out");
    text(
        Stream.concat(
                Stream.of(Headline.of(report).sentence()), report.manifest().warnings().stream())
            .collect(Collectors.joining("\n")));
    xml.writeEndElement();
    newLine(1);
    xml.writeEndElement();
    newLine(0);
    xml.writeEndElement();
    newLine(0);
    xml.writeEndDocument();
  }

  /** What the run is, and what was measured beside its requests. */
  private Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("runId", report.manifest().runId());
    properties.put("validity", report.verdict().validity().name());
    properties.put("grade", report.verdict().grade().name());
    properties.put("exitCode", Integer.toString(report.verdict().exitCode()));
    TelemetryText.measured(report.measurements())
        .forEach((id, number) -> properties.put("telemetry." + id, number));
    return properties;
  }

  private void totals(String seconds) throws XMLStreamException {
    attribute("tests", Integer.toString(cases.size()));
    attribute("failures", count(State.FAILURE));
    attribute("errors", count(State.ERROR));
    attribute("skipped", count(State.SKIPPED));
    attribute("time", seconds);
  }

  private String count(State state) {
    return Long.toString(cases.stream().filter(one -> one.state() == state).count());
  }

  private void write(CaseElement testCase) throws XMLStreamException {
    newLine(2);
    xml.writeStartElement("testcase");
    attribute("classname", testCase.className());
    attribute("name", testCase.name());
    // A target takes no time of its own, and some readers want the attribute.
    attribute("time", "0");
    properties(3, testCase.properties());
    if (testCase.message() != null) {
      newLine(3);
      xml.writeStartElement(testCase.state().name().toLowerCase(Locale.ROOT));
      attribute("message", testCase.message());
      if (testCase.state() != State.SKIPPED) {
        attribute("type", testCase.className());
        text(testCase.message());
      }
      xml.writeEndElement();
    }
    if (!testCase.output().isEmpty()) {
      newLine(3);
      xml.writeStartElement("system-out");
      text(testCase.output());
      xml.writeEndElement();
    }
    newLine(2);
    xml.writeEndElement();
  }

  private void properties(int depth, Map<String, String> properties) throws XMLStreamException {
    newLine(depth);
    xml.writeStartElement("properties");
    for (Map.Entry<String, String> property : properties.entrySet().stream().toList()) {
      newLine(depth + 1);
      xml.writeEmptyElement("property");
      attribute("name", property.getKey());
      attribute("value", property.getValue());
    }
    newLine(depth);
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, ForeignText.message(value));
  }

  private void text(String text) throws XMLStreamException {
    StringBuilder lines = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      lines.append(lines.isEmpty() ? "" : "\n").append(ForeignText.message(line));
    }
    xml.writeCharacters(lines.toString());
  }

  private void newLine(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
