package llmload.run;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import llmload.analysis.alerts.Alert;
import llmload.analysis.alerts.AlertEngine;
import llmload.analysis.alerts.AlertReport;
import llmload.analysis.alerts.AlertSettings;
import llmload.analysis.alerts.AlertWindow;
import llmload.analysis.alerts.AlertWindows;
import llmload.journal.RunJournal;
import llmload.model.RunManifest;
import llmload.model.ServerPlace;
import org.jspecify.annotations.Nullable;

/**
 * Says on the console when an alert is raised, while the run goes on. The report raises them again
 * from the journal; what reaches that more than {@link #PATIENCE} late is in the report alone.
 *
 * <pre>{@code
 * llmload: alert after 35 s, critical: ttft, time to first token 41.2 ms above 5.0 ms
 * }</pre>
 */
final class AlertWatch implements AutoCloseable {
  /** How long after its end a window is looked at: the longest look at a source, and the queue. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private final AlertWindows windows;
  private final AlertEngine engine;
  private final @Nullable Double baseline;
  private final RunJournal journal;
  private final Consumer<String> out;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "llmload-alerts");
            thread.setDaemon(true);
            return thread;
          });

  private AlertWatch(
      AlertSettings alerts,
      @Nullable Double baseline,
      ServerPlace place,
      RunJournal journal,
      Consumer<String> out) {
    this.windows = new AlertWindows(alerts.window().toNanos(), place);
    this.engine = new AlertEngine(alerts.limits());
    this.baseline = baseline;
    this.journal = journal;
    this.out = out;
    journal.listen(windows::accept);
    journal.listenToSamples(windows::accept);
  }

  /** Watches, if the settings say so; else {@code null}. */
  static @Nullable AlertWatch begin(
      RunSettings settings, RunManifest manifest, RunJournal journal, Consumer<String> out) {
    Optional<AlertSettings> alerts = AlertSettings.of(settings.resolved());
    if (alerts.isEmpty()) {
      return null;
    }
    AlertWatch watch =
        new AlertWatch(
            alerts.get(),
            AlertReport.speedOf(settings.gate().baseline().orElse(null)),
            ServerPlace.of(manifest),
            journal,
            out);
    var unused = watch.scheduler.scheduleAtFixedRate(watch::look, 1, 1, TimeUnit.SECONDS);
    return watch;
  }

  private void look() {
    tell(System.nanoTime() - journal.anchorNanos() - PATIENCE.toNanos());
  }

  private void tell(long overNanos) {
    for (AlertWindow window : windows.take(overNanos, baseline)) {
      engine.accept(window).forEach(alert -> out.accept(line(alert)));
    }
  }

  static String line(Alert alert) {
    return String.format(
        Locale.ROOT,
        "llmload: alert after %.0f s, %s: %s, %s",
        alert.atNanos() / 1e9,
        alert.severity().name().toLowerCase(Locale.ROOT),
        alert.type().id(),
        alert.message());
  }

  /** Looks at the windows that are left, and ends. */
  @Override
  public void close() {
    scheduler.shutdownNow();
    try {
      boolean unused = scheduler.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tell(Long.MAX_VALUE);
  }
}
