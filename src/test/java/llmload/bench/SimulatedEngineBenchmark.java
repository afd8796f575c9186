package llmload.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmload.journal.JournalReader;

/**
 * What the simulated engine gives, in its own process, to an injector on the same machine: tokens a
 * second back to back, and 10,000 streams at once.
 */
public final class SimulatedEngineBenchmark {
  private static final String LOAD = "llmload.simulations.LoadSimulation";
  private static final int STREAMS = 10_000;

  private SimulatedEngineBenchmark() {}

  /** No arguments. */
  public static void main(String[] args) {
    for (String tokensPerChunk : List.of("1", "4")) {
      Map<String, String> engine =
          Map.of("engine.preset", "back-to-back", "engine.tokensPerChunk", tokensPerChunk);
      LoadRun fast = run(engine, 20, 1_000, 2_000);
      System.out.printf(
          "back to back, 20 streams, tokens a chunk: %s; %,.0f tokens/s%n",
          tokensPerChunk, fast.number("/metrics/all/output_tokens_per_second/value"));
      fast.delete();
    }
    LoadRun many = run(Map.of("engine.decodeStep", "1s"), STREAMS, STREAMS, 30);
    System.out.printf(
        "%,d streams at 1 token/s: %,d open at once, ttft p50 %.1f ms, itl p50 %.1f ms, p99 %.1f ms%n",
        STREAMS,
        openAtOnce(many),
        many.number("/metrics/all/ttft/p50"),
        many.number("/metrics/all/itl/p50"),
        many.number("/metrics/all/itl/p99"));
    many.delete();
  }

  private static LoadRun run(Map<String, String> engine, int users, int requests, int tokens) {
    Map<String, String> settings = new HashMap<>(engine);
    settings.put("engine", "simulated");
    settings.put("users", String.valueOf(users));
    settings.put("requests", String.valueOf(requests));
    settings.put("maxTokens", String.valueOf(tokens));
    settings.put("ignoreEos", "true");
    settings.put("warmUp", "20");
    return LoadRun.of(LOAD, settings).complete(requests, tokens);
  }

  /** The most requests that had been sent and were not over. */
  private static int openAtOnce(LoadRun run) {
    List<long[]> changes = new ArrayList<>();
    JournalReader.read(
        run.folder(),
        record -> {
          long sent = record.sentNanos();
          changes.add(new long[] {sent, 1});
          changes.add(new long[] {sent + record.stamps().endNanos(), -1});
        });
    changes.sort((a, b) -> a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]));
    int open = 0;
    int most = 0;
    for (long[] change : changes) {
      open += (int) change[1];
      most = Math.max(most, open);
    }
    return most;
  }
}
