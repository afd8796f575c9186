package llmload.simulations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whoever runs a simulation with nothing but its name gets numbers to use. */
class QuickRunsIT {
  private static final Path SIMULATIONS = Path.of("src/test/java/llmload/simulations");
  private static final List<Path> TESTS =
      List.of(SIMULATIONS, Path.of("src/test/java/llmload/run"));

  /** The simulations whose quick run a test of their own looks at more closely. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "AgentBatchingSimulation", "AgentQuickIT",
          "CacheResumeSimulation", "AgentQuickIT",
          "MemorySimulation", "AgentQuickIT",
          "SoakSimulation", "AgentQuickIT",
          "StressSimulation", "StressRunIT",
          "RetrievalSimulation", "RetrievalRunIT",
          "SuiteSimulation", "SuiteIT",
          "GuideSimulation", "GuideSuiteIT");

  @TempDir private Path results;

  private static List<String> simulations() throws IOException {
    try (Stream<Path> files = Files.list(SIMULATIONS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Simulation.java"))
          .map(name -> name.replace(".java", ""))
          .filter(name -> !isAbstract(name))
          .sorted()
          .toList();
    }
  }

  private static boolean isAbstract(String name) {
    try {
      Class<?> type =
          Class.forName("llmload.simulations." + name, false, QuickRunsIT.class.getClassLoader());
      return Modifier.isAbstract(type.getModifiers());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }

  @TestFactory
  Stream<DynamicTest> simulation_byItsNameAlone_measures() throws IOException {
    return simulations().stream()
        .filter(name -> !ELSEWHERE.containsKey(name))
        .map(name -> DynamicTest.dynamicTest(name, () -> measures(name)));
  }

  private void measures(String simulation) {
    FinishedRun run =
        RunProcess.in(results.resolve(simulation))
            .simulation("llmload.simulations." + simulation)
            .finish();
    assertThat(run.exitCode()).as(run.console()).isZero();
    assertThat(run.manifest().at("/settings/profile").asText()).isEqualTo("quick");
    assertThat(run.report().at("/target/engine").asText()).isEqualTo("llama");
    assertThat(run.verdict("validity")).isIn("VALID", "DEGRADED");
    assertThat(run.count("ok")).isGreaterThanOrEqualTo(20);
    assertThat(run.count("failed")).isZero();
    assertThat(run.verdict("grade")).isNotEqualTo("NOT_GRADED");
  }

  @Test
  void simulationsLeftOut_areRunByTheTestThatIsNamed() throws IOException {
    assertThat(simulations()).containsAll(ELSEWHERE.keySet());
    for (Map.Entry<String, String> entry : ELSEWHERE.entrySet()) {
      Path test =
          TESTS.stream()
              .map(folder -> folder.resolve(entry.getValue() + ".java"))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + entry.getValue()));
      assertThat(Files.readString(test)).contains("quick", entry.getKey());
    }
  }
}
