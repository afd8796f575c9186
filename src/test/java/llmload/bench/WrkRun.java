package llmload.bench;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of {@code wrk}, which reads and parses nothing but HTTP.
 *
 * @param cpuSeconds its processor time
 * @param requestCount answers read
 * @param readBytes bytes read
 */
record WrkRun(double cpuSeconds, long requestCount, double readBytes) {
  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) requests in [\\w.]+, ([\\d.]+)(K|M|G|T)?B read");

  /** Runs it with one thread for that time. */
  static WrkRun of(int connections, int seconds, String url) {
    ChildProcess.Ending ending =
        ChildProcess.run(
            List.of(
                "wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--timeout", "120s", url));
    Matcher summary = SUMMARY.matcher(ending.output());
    if (ending.exitCode() != 0 || !summary.find()) {
      throw new IllegalStateException(ending.output());
    }
    double unit =
        summary.group(3) == null ? 1 : Math.pow(1024, 1 + "KMGT".indexOf(summary.group(3)));
    return new WrkRun(
        ending.cpuSeconds(),
        Long.parseLong(summary.group(1)),
        Double.parseDouble(summary.group(2)) * unit);
  }

  double cpuSecondsPerRequest() {
    return cpuSeconds / requestCount;
  }
}
