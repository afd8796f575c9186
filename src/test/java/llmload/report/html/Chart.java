package llmload.report.html;

import java.util.List;

/**
 * A chart with its caption.
 *
 * @param title what it shows
 * @param note of what
 * @param unit the unit of its values
 * @param lines every line, for the page's script
 * @param shownCount how many of them the static picture shows, from the first
 * @param marked whether marks tell of failed requests
 * @param svg the static picture; empty if there is nothing to show
 */
record Chart(
    String title,
    String note,
    String unit,
    List<Plotted> lines,
    int shownCount,
    boolean marked,
    String svg) {

  /** The lines of the static picture; public, since the template reads it. */
  public List<Plotted> legend() {
    return lines.subList(0, shownCount);
  }
}
