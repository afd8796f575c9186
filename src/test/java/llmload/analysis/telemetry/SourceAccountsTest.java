package llmload.analysis.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;

class SourceAccountsTest {
  private static final String NAME = "prometheus http://p:9090, instance ";

  private final SourceAccounts accounts = new SourceAccounts();

  private void kept(String instance, double count, String kinds) {
    add(
        Map.of("taken_count", count),
        Map.of("of", NAME + instance, "instance", instance, "kinds", kinds));
  }

  private void add(Map<String, Double> values, Map<String, String> labels) {
    accounts.add(new TelemetrySample("telemetry", 0, values, labels));
  }

  @Test
  void instancesOfOneKind_areToldOnce_withWhatToDo() {
    kept("b:8000", 60, "server");
    kept("a:8000", 60, "gpu server");
    kept("a:8000", 61, "gpu server");

    assertThat(accounts.unsorted())
        .containsExactly(
            "Prometheus told of 2 instances of the kind server, all of which count: a:8000, b:8000."
                + " Say in telemetry.prometheus.match which are of this run, as"
                + " instance=\"a:8000\".");
  }

  @Test
  void oneInstanceOfEachKind_isNoWarning() {
    kept("a:8000", 60, "server");
    kept("a:9400", 60, "gpu");
    add(Map.of("taken_count", 60.0), Map.of("of", "server http://a:8000/metrics"));

    assertThat(accounts.unsorted()).isEmpty();
  }

  @Test
  void scrapesThatAreMissing_areInTheTable_andAWarningFromATwentiethOn() {
    kept("a:8000", 94, "server");
    add(
        Map.of("missed_count", 6.0),
        Map.of("of", NAME + "a:8000", "reason", "UNREACHABLE", "message", "no scrape kept"));
    kept("b:8000", 96, "server");
    add(
        Map.of("missed_count", 4.0),
        Map.of("of", NAME + "b:8000", "reason", "UNREACHABLE", "message", "no scrape kept"));

    assertThat(accounts.table().rows().get(0))
        .containsExactly(NAME + "a:8000", 94L, 6L, 0.94, "UNREACHABLE: no scrape kept");
    assertThat(accounts.warnings(0.95, true))
        .containsExactly(
            "Telemetry of prometheus http://p:9090, instance a:8000: 94 of 100 looks gave a sample"
                + " (UNREACHABLE: no scrape kept).");
  }
}
