package llmload.protocol.internal;

import io.gatling.charts.stats.GeneralStats;
import io.gatling.charts.stats.LogFileData;
import io.gatling.charts.stats.LogFileReader;
import io.gatling.charts.stats.RequestStatsPath;
import io.gatling.charts.stats.StatsPath;
import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.core.config.GatlingConfiguration;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import llmload.model.GatlingCount;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Gatling's own account of a run: its binary simulation.log, read by Gatling's own reader. */
public final class GatlingLog {
  private static final String TTFT_SUFFIX = " TTFT";

  private GatlingLog() {}

  /**
   * The requests that Gatling counted, by name, over all groups; the pseudo-requests that show the
   * time to first token are left out.
   *
   * @param resultsFolder the folder that holds Gatling's run folders
   * @param runFolder the name of this run's folder in it
   * @throws RuntimeException if the log is missing, cut, or of another Gatling version
   */
  public static Map<String, GatlingCount> read(Path resultsFolder, String runFolder) {
    LogFileData log =
        LogFileReader.apply(runFolder, resultsFolder, GatlingConfiguration.load()).read();
    Map<String, GatlingCount> counts = new TreeMap<>();
    for (StatsPath path : CollectionConverters.asJava(log.statsPaths())) {
      if (path instanceof RequestStatsPath request) {
        GatlingCount count =
            new GatlingCount(count(log, request, OK$.MODULE$), count(log, request, KO$.MODULE$));
        counts.merge(
            request.request(),
            count,
            (a, b) -> new GatlingCount(a.okCount() + b.okCount(), a.koCount() + b.koCount()));
      }
    }
    counts.keySet().removeIf(name -> isTtftOf(name, counts));
    return counts;
  }

  private static boolean isTtftOf(String name, Map<String, GatlingCount> counts) {
    return name.endsWith(TTFT_SUFFIX)
        && counts.containsKey(name.substring(0, name.length() - TTFT_SUFFIX.length()));
  }

  private static long count(LogFileData log, RequestStatsPath request, Status status) {
    Option<GeneralStats> stats =
        log.requestGeneralStats(
            Option.apply(request.request()), request.group(), Option.apply(status));
    return stats.isDefined() ? stats.get().count() : 0;
  }
}
