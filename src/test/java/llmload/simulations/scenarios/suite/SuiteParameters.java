package llmload.simulations.scenarios.suite;

import java.util.Arrays;
import java.util.List;

/**
 * How much a run type does.
 *
 * @param iterationCount measured requests of its token throughput
 * @param warmUpCount requests before
 * @param timeoutSeconds the longest that a request may take
 * @param batchCounts how many requests are sent at once, batch by batch
 * @param wordCounts the lengths of its prompts in words
 * @param vectorCount the vectors that are searched
 * @param queryCount searches
 * @param levelCounts the levels of its stress part, in requests at once
 * @param levelSeconds how long each level is held
 * @param energy whether energy is asked for
 */
public record SuiteParameters(
    int iterationCount,
    int warmUpCount,
    int timeoutSeconds,
    List<Integer> batchCounts,
    List<Integer> wordCounts,
    int vectorCount,
    int queryCount,
    List<Integer> levelCounts,
    int levelSeconds,
    boolean energy) {
  /** Copies the lists. */
  public SuiteParameters {
    batchCounts = List.copyOf(batchCounts);
    wordCounts = List.copyOf(wordCounts);
    levelCounts = List.copyOf(levelCounts);
  }

  /** Those of a run type, each row in the order of the fields. */
  static SuiteParameters of(SuiteType type) {
    return switch (type) {
      case QUICK -> row("100 20 60 1,4,8 10,50,100 100000 100 1,5,10 60 false");
      case TOK_THROUGHPUT ->
          row("1000 100 120 1,4,8,16,32 10,50,100,500,1000 50000 50 1,5,10,20,50 300 true");
      case RETRIEVAL -> row("200 50 180 1,2,4 50,100,200 1000000 1000 1,5,10,20 300 true");
      case FULL ->
          row("1000 100 300 1,4,8,16,32 10,50,100,500,1000 1000000 1000 1,5,10,20,50 300 true");
      case RTX_4090 ->
          row(
              "1500 150 300 1,4,8,16,32,64 10,50,100,500,1000,2000 1000000 1500 1,5,10,20,50,100 600 true");
      case PRODUCTION -> row("100 20 120 1,4,8 10,50,100 200000 200 1,5,10 180 false");
      case REGRESSION -> row("500 50 180 1,4,8,16 10,50,100,500 500000 500 1,5,10,20 300 true");
    };
  }

  private static SuiteParameters row(String text) {
    String[] cells = text.split(" ", -1);
    return new SuiteParameters(
        Integer.parseInt(cells[0]),
        Integer.parseInt(cells[1]),
        Integer.parseInt(cells[2]),
        numbers(cells[3]),
        numbers(cells[4]),
        Integer.parseInt(cells[5]),
        Integer.parseInt(cells[6]),
        numbers(cells[7]),
        Integer.parseInt(cells[8]),
        Boolean.parseBoolean(cells[9]));
  }

  private static List<Integer> numbers(String text) {
    return Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
  }
}
