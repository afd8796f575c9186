package llmload.report.html;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import llmload.model.RunReport;
import llmload.report.ReportWriter;

/**
 * The report as one self-contained page, {@code report.html}: no network, prints, light and dark,
 * and whole without scripts; where they run, uPlot draws the charts anew, to zoom and point at.
 *
 * <p>The template escapes every value; only the kit's own SVG, style sheet and scripts go in as
 * they are. A content security policy that allows nothing but those by their hash stands behind it.
 */
public final class HtmlReportWriter implements ReportWriter {
  private static final String FOLDER = "llmload/report/";
  private static final String STYLE = resource("uplot/uPlot.min.css") + resource("report.css");

  /** uPlot with its licence, which allows copies that carry it. */
  private static final String PLOTTER =
      "/*\n" + resource("uplot/LICENSE") + "\n*/\n" + resource("uplot/uPlot.iife.min.js");

  private static final String SCRIPT = resource("report.js");
  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; script-src 'sha256-"
          + sha256(PLOTTER)
          + "' 'sha256-"
          + sha256(SCRIPT)
          + "'; base-uri 'none'; form-action 'none'";
  private static final PebbleTemplate TEMPLATE = template();

  @Override
  public String format() {
    return "html";
  }

  @Override
  public String fileName() {
    return "report.html";
  }

  @Override
  public void write(RunReport report, Writer out) throws IOException {
    Map<String, Object> view = new PageView(report).values();
    view.put("style", STYLE);
    view.put("plotter", PLOTTER);
    view.put("script", SCRIPT);
    view.put("policy", POLICY);
    TEMPLATE.evaluate(out, view, Locale.ROOT);
    out.flush();
  }

  private static PebbleTemplate template() {
    ClasspathLoader loader = new ClasspathLoader(HtmlReportWriter.class.getClassLoader());
    loader.setPrefix(FOLDER);
    return new PebbleEngine.Builder()
        .loader(loader)
        .autoEscaping(true)
        .strictVariables(true)
        .build()
        .getTemplate("report.html.peb");
  }

  private static String resource(String name) {
    ClassLoader loader = HtmlReportWriter.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(FOLDER + name + ": Expecting it on the class path.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER + name, e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
