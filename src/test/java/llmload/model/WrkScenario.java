package llmload.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The seven loads of llm-server's {@code performance_test.sh}, each a call of wrk on the health
 * endpoint; in the script's order, with its numbers.
 */
public enum WrkScenario {
  /** One connection. */
  SINGLE_REQUEST("Baseline Tests", 1, 1, 30),
  /** Five connections. */
  LIGHT_LOAD("Baseline Tests", 2, 5, 30),
  /** Fifteen connections. */
  NORMAL_LOAD("Load Tests", 2, 15, 60),
  /** Twenty-five connections. */
  PEAK_LOAD("Load Tests", 2, 25, 60),
  /** Fifty connections. */
  BURST_LOAD("Stress Tests", 2, 50, 30),
  /** Seventy-five connections. */
  STRESS_LOAD("Stress Tests", 2, 75, 30),
  /** Twenty connections for five minutes. */
  SUSTAINED_LOAD("Endurance Tests", 2, 20, 300);

  private final String testType;
  private final int threadCount;
  private final int connectionCount;
  private final int seconds;

  WrkScenario(String testType, int threadCount, int connectionCount, int seconds) {
    this.testType = testType;
    this.threadCount = threadCount;
    this.connectionCount = connectionCount;
    this.seconds = seconds;
  }

  /** The script's word for the group that it belongs to. */
  public String testType() {
    return testType;
  }

  /** The script's name of it, for example {@code Single Request}. */
  public String title() {
    StringBuilder title = new StringBuilder();
    for (String word : name().split("_", -1)) {
      title.append(title.isEmpty() ? "" : " ").append(word.charAt(0));
      title.append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return title.toString();
  }

  /** The name of its requests, for example {@code wrk_single_request}. */
  public String request() {
    return "wrk_" + name().toLowerCase(Locale.ROOT);
  }

  /** wrk's threads: what the script says; Gatling's connections need none of their own. */
  public int threadCount() {
    return threadCount;
  }

  /** The connections, each of which sends again when it has its answer. */
  public int connectionCount() {
    return connectionCount;
  }

  /** How long it lasts. */
  public int seconds() {
    return seconds;
  }

  /** The one whose requests have that name. */
  public static Optional<WrkScenario> ofRequest(String request) {
    return Arrays.stream(values()).filter(one -> one.request().equals(request)).findFirst();
  }
}
