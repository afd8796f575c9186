package llmload.analysis.suite;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import llmload.model.RunManifest;

/** The analysis that goes with each suite, by {@code load.planned.kind}. */
public final class SuiteAnalyses {
  private static final Map<String, Function<RunManifest, SuiteAnalysis>> BY_SUITE =
      Map.ofEntries(
          Map.entry("agents", AgentsAnalysis::new),
          Map.entry("cache", CacheAnalysis::new),
          Map.entry("memory", MemoryAnalysis::new),
          Map.entry("soak", SoakAnalysis::new),
          Map.entry("contract", ContractAnalysis::new),
          Map.entry("guide", manifest -> new GuideAnalysis()),
          Map.entry("wrk_profile", manifest -> new WrkProfileAnalysis()),
          Map.entry(BenchmarkSuiteAnalysis.SUITE, BenchmarkSuiteAnalysis::new),
          Map.entry("structured_vs_unstructured", manifest -> new StructuredPairsAnalysis()),
          Map.entry(TokenSpeedAnalysis.SUITE, TokenSpeedAnalysis::new),
          Map.entry("stress", StressAnalysis::new));

  private SuiteAnalyses() {}

  /** A new analysis of that run; empty where its workload has no results of its own. */
  public static Optional<SuiteAnalysis> of(RunManifest manifest) {
    return Optional.ofNullable(BY_SUITE.get(manifest.plan().kind()))
        .map(analysis -> analysis.apply(manifest));
  }
}
