package llmload.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the repository's files to {@link RepositoryRules}, and shows that each rule can fail. */
class RepositoryTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final List<String> FILES = RepositoryRules.files(ROOT);

  @Test
  void files_ofTheRepository_areFound() {
    assertThat(FILES)
        .contains("pom.xml", ".mvn/jvm.config", "results/.gitignore", ".ci/run", "CHANGELOG.md")
        .contains("src/test/java/llmload/architecture/RepositoryTest.java")
        .noneMatch(name -> name.startsWith("target/"));
    assertThat(FILES).filteredOn(name -> name.endsWith(".java")).hasSizeGreaterThan(50);
  }

  @Test
  void resultsFolder_isInACloneAndStaysEmpty() throws IOException {
    // Git ignores all that a run leaves there, but keeps the folder.
    assertThat(Files.readAllLines(ROOT.resolve("results/.gitignore")))
        .containsExactly("*", "!.gitignore");
    assertThat(FILES).filteredOn(n -> n.startsWith("results/")).containsOnly("results/.gitignore");
  }

  @Test
  void ciScript_isExecutable() {
    assertThat(ROOT.resolve(".ci/run")).isExecutable();
  }

  @Test
  void javaFiles_keepTheirLength() {
    assertThat(faults(RepositoryRules::tooLong)).isEmpty();
  }

  @Test
  void files_haveNoUnfinishedBusiness() {
    assertThat(faults(RepositoryRules::unfinished)).isEmpty();
  }

  @Test
  void files_haveNoMachinePathsRegistriesOrKeys() {
    assertThat(faults(RepositoryRules::machinePaths)).isEmpty();
    assertThat(faults(RepositoryRules::registryHosts)).isEmpty();
    assertThat(faults(RepositoryRules::privateKeys)).isEmpty();
  }

  @Test
  void links_leadToFiles() {
    assertThat(faults((name, text) -> RepositoryRules.deadLinks(ROOT, name, text))).isEmpty();
  }

  @Test
  void commands_ofDocuments_exist() {
    assertThat(faults((name, text) -> RepositoryRules.unknownCommands(ROOT, name, text))).isEmpty();
  }

  @Test
  void readme_showsTheMainJobAndTheTestCommand() {
    assumeThat(ROOT.resolve("README.md")).as("a tree without README.md").exists();
    String readme = RepositoryRules.text(ROOT.resolve("README.md"));

    assertThat(readme).contains("mvn gatling:test").containsPattern("mvn (-B )?verify");
  }

  @Test
  void rules_offendingText_areFlagged() {
    String mark = "TO" + "DO";
    assertThat(RepositoryRules.tooLong("A.java", "x\n".repeat(401))).hasSize(1);
    assertThat(RepositoryRules.tooLong("A.java", "x\n".repeat(400))).isEmpty();
    assertThat(RepositoryRules.unfinished("A.java", "x\n// " + mark + " later"))
        .singleElement()
        .asString()
        .startsWith("A.java:2:");
    assertThat(RepositoryRules.unfinished("A.java", "MASTO" + "DONS")).isEmpty();
    assertThat(RepositoryRules.machinePaths("a", "see /ro" + "ot/x")).hasSize(1);
    assertThat(RepositoryRules.machinePaths("a", "see /ho" + "me/joe/x")).hasSize(1);
    assertThat(RepositoryRules.machinePaths("a", "https://host/wo" + "rk/x")).isEmpty();
    assertThat(RepositoryRules.registryHosts("a", "https://repo1" + ".maven.org")).hasSize(1);
    assertThat(RepositoryRules.registryHosts("a", "http://maven.apache.org/POM")).isEmpty();
    assertThat(RepositoryRules.privateKeys("a", "-----BEGIN " + "PRIVATE KEY-----")).hasSize(1);
  }

  @Test
  void deadLinks_missingFile_isFlaggedAndWebAddressIsNot(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("docs"));
    Files.writeString(root.resolve("docs/there.md"), "");
    String text = "[a](docs/there.md#part) [b](docs/gone.md) [c](https://example.org/x) [d](#here)";

    assertThat(RepositoryRules.deadLinks(root, "README.md", text))
        .containsExactly("README.md: Expecting links to files that exist. Found: docs/gone.md.");
  }

  @Test
  void unknownCommands_eachKind_isFlagged(@TempDir Path root) throws IOException {
    Path sources = Files.createDirectories(root.resolve("src/test/java/llmload/app"));
    Files.writeString(
        sources.resolve("Main.java"), "@Command(name = \"report\") key(\"rate\") key(\"users\")");
    String sound =
        """
        mvn -B verify   # all checks
        mvn gatling:test -Dgatling.simulationClass=llmload.app.Main -Dllm.users=4
        mvn -q test-compile exec:java -Dexec.args="report results/latest"
        """;
    String wrong =
        """
        mvn gatling:tset
          mvn gatling:test -Dgatling.simulationClass=llmload.app.Gone -Dllm.rat=4
        mvn exec:java -Dexec.args="reprot x"
        """;

    assertThat(RepositoryRules.unknownCommands(root, "README.md", sound)).isEmpty();
    assertThat(RepositoryRules.unknownCommands(root, "README.md", wrong))
        .containsExactly(
            "README.md: Expecting a goal of the build. Found: gatling:tset.",
            "README.md: Expecting a simulation that exists. Found: llmload.app.Gone.",
            "README.md: Expecting a setting that is read. Found: llm.rat.",
            "README.md: Expecting a subcommand. Found: reprot.");
  }

  private static List<String> faults(BiFunction<String, String, List<String>> rule) {
    List<String> faults = new ArrayList<>();
    for (String name : FILES) {
      faults.addAll(rule.apply(name, RepositoryRules.text(ROOT.resolve(name))));
    }
    return faults;
  }
}
