package llmload.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import llmload.run.ProjectFolder;

/**
 * How far each token's stamp lies behind the server's own send stamp: llmload, then a bare Python
 * aiohttp loop, on the same source, alternating.
 *
 * <p>200 streams, at 2,000 and at 20,000 tokens a second in all. aiohttp is used from {@code
 * target/bench/venv}; where it is missing, its lines are too, and the output says so.
 */
public final class StampLagBenchmark {
  private static final int STREAMS = 200;
  private static final int SECONDS = 20;

  private StampLagBenchmark() {}

  /** Argument: the rounds. */
  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    Path python = ProjectFolder.find().resolve("target/bench/venv/bin/python");
    if (!Files.exists(python)) {
      System.out.println("No target/bench/venv: aiohttp is NOT measured.");
    }
    try (ChildProcess source = ChildProcess.tokenSource()) {
      String port = source.firstLine();
      for (int perStream : new int[] {10, 100}) {
        System.out.printf("%d tokens/s in %d streams%n", perStream * STREAMS, STREAMS);
        for (int round = 0; round < rounds; round++) {
          String url = "http://127.0.0.1:" + port + "/stamped-" + perStream;
          System.out.println("  llmload  " + llmload(url, perStream * SECONDS));
          if (Files.exists(python)) {
            System.out.println("  aiohttp  " + aiohttp(python, url, perStream * SECONDS));
          }
        }
      }
      System.out.println(
          "bars: 2,000 tokens/s p50 <= 0.06 ms, p99 <= 0.4 ms; 20,000 tokens/s p50 <= 0.12 ms,"
              + " p99 <= 4 ms and never worse than aiohttp");
    }
  }

  private static String llmload(String url, int tokens) {
    LoadRun run =
        LoadRun.of(
                StampLagSimulation.class.getName(),
                Map.of(
                    "baseUrl",
                    url,
                    "model",
                    "m",
                    "users",
                    String.valueOf(STREAMS),
                    "requests",
                    String.valueOf(STREAMS),
                    "warmUp",
                    "0",
                    "maxTokens",
                    String.valueOf(tokens)))
            .complete(STREAMS, tokens);
    run.delete();
    return figures(run.output());
  }

  private static String aiohttp(Path python, String url, int tokens) {
    Path script = ProjectFolder.find().resolve("src/test/resources/bench/aiohttp_client.py");
    ChildProcess.Ending ending =
        ChildProcess.run(
            List.of(
                python.toString(),
                script.toString(),
                url + "/v1/chat/completions?tokens=" + tokens,
                String.valueOf(STREAMS),
                String.valueOf(StampText.DIGITS)));
    return figures(ending.output());
  }

  private static String figures(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith(LagFigures.MARK))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(output));
  }
}
