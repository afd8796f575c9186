package llmload.report.junit;

import java.io.IOException;
import java.io.Writer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import llmload.model.RunReport;
import llmload.report.ReportWriter;

/**
 * The report as JUnit XML, {@code junit.xml}: one test case a target and one for the validity.
 *
 * <p>A missed target is a failure; one without data, and every target of a run that is not to be
 * believed, is an error; an inconclusive one and an expectation that did not hold are skipped. With
 * a baseline there is one more for the whole comparison and one for each number: a regression is a
 * failure, what cannot be compared an error.
 */
public final class JunitReportWriter implements ReportWriter {

  @Override
  public String format() {
    return "junit";
  }

  @Override
  public String fileName() {
    return "junit.xml";
  }

  @Override
  public void write(RunReport report, Writer out) throws IOException {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
      new JunitSuite(report, xml).write();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException("junit.xml: " + e.getMessage(), e);
    }
    out.flush();
  }
}
