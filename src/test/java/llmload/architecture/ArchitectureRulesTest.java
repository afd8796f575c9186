package llmload.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shows that each rule bites: it runs on a small tree that breaks every one of them. */
class ArchitectureRulesTest {
  private static final JavaClasses KIT = Tree.VIOLATIONS.kit();
  private static final JavaClasses ALL = Tree.VIOLATIONS.all();

  private final PackageRules packages = new PackageRules(Tree.VIOLATIONS);
  private final LibraryRules libraries = new LibraryRules(Tree.VIOLATIONS);
  private final ShapeRules shapes = new ShapeRules(Tree.VIOLATIONS);

  @Test
  void levels_lowerUsesSupport_sisterUsesSister_andPackageWithoutLevel_areFlagged() {
    assertThat(faults(packages.levels(), KIT))
        .anyMatch(f -> f.contains("metrics.Undescribed") && f.contains("level 1 uses level 1"))
        .anyMatch(f -> f.contains("model.Mutable") && f.contains("testing.Support"))
        .anyMatch(f -> f.contains("unknown.Lost: Expecting a package that has a level"))
        .noneMatch(f -> f.contains("model.Timing"));
  }

  @Test
  void noCycles_twoPackagesThatNeedEachOther_areFlagged() {
    assertThat(faults(packages.noCycles(), KIT))
        .anyMatch(f -> f.contains("Cycle detected") && f.contains("wire"));
  }

  @Test
  void kitIsFreeOfTests_testLibraryAndSupport_areFlagged() {
    assertThat(faults(packages.kitIsFreeOfTests(), KIT))
        .anyMatch(f -> f.contains("Offences.testLibrary()") && f.contains("assertj"))
        .anyMatch(f -> f.contains("Mutable.add(int)") && f.contains("testing.Support"));
  }

  @Test
  void supportIsIndependent_supportThatUsesTheKit_isFlagged() {
    assertThat(faults(packages.supportIsIndependent(), ALL))
        .isNotEmpty()
        .allMatch(f -> f.contains("testing.Support") && f.contains("model.Priced"));
  }

  @Test
  void packagesAreDescribed_packageWithoutInfo_isFlaggedAlone() {
    assertThat(faults(packages.packagesAreDescribed(), ALL))
        .singleElement()
        .asString()
        .contains("violations.metrics: Expecting package-info");
  }

  @Test
  void libraries_wrongPackageAndUnknownLibrary_areFlagged() {
    assertThat(faults(libraries.libraries(), KIT))
        .anyMatch(f -> f.contains("load.Offences") && f.contains("ObjectMapper"))
        .anyMatch(f -> f.contains("load.Offences") && f.contains("io.gatling.core.Predef$"))
        .anyMatch(f -> f.startsWith("no row of the library table") && f.contains("assertj"))
        .anyMatch(f -> f.contains("grading.StraySimulation") && f.contains("javaapi"))
        .noneMatch(f -> f.contains("protocol.internal.Bridge"));
  }

  @Test
  void bridgeIsSmall_oneFileWhereNoneIsAllowed_isFlagged() {
    assertThat(faults(libraries.bridgeIsSmall(0), KIT))
        .containsExactly("protocol.internal: Expecting at most 0 files. Found: [Bridge]");
    assertThat(faults(libraries.bridgeIsSmall(1), KIT)).isEmpty();
  }

  @Test
  void clocks_callReferenceAndSystemClock_areFlagged() {
    // One call, one method reference, one Clock: three in Offences, none elsewhere.
    assertThat(faults(libraries.clocks(), KIT))
        .hasSize(3)
        .anyMatch(f -> f.contains("currentTimeMillis"))
        .anyMatch(f -> f.contains("nanoTime"))
        .anyMatch(f -> f.contains("systemUTC"));
  }

  @Test
  void consoleExitsAndSleeps_oneOffenceEach_isFlagged() {
    assertThat(faults(libraries.console(), KIT))
        .singleElement()
        .asString()
        .contains("Offences.print()");
    assertThat(faults(libraries.exits(), KIT)).singleElement().asString().contains("exit()");
    assertThat(faults(libraries.sleeps(), KIT)).singleElement().asString().contains("sleep()");
  }

  @Test
  void unitsInNames_threeNumbersWithoutUnit_areFlaggedAndNoOther() {
    assertThat(faults(shapes.unitsInNames(), KIT))
        .hasSize(3)
        .anyMatch(f -> f.contains("Timing.latency"))
        .anyMatch(f -> f.contains("Timing.timeout"))
        .anyMatch(f -> f.contains("Timing.rate"));
  }

  @Test
  void modelIsValues_stateAndOpenInterface_areFlaggedAndNoRecord() {
    String model = Tree.VIOLATIONS.root() + ".model.";
    assertThat(faults(shapes.modelIsValues(), KIT))
        .containsExactlyInAnyOrder(model + "Mutable", model + "Open");
  }

  @Test
  void simulationsHaveTheirPackage_concreteOneElsewhere_isFlagged() {
    assertThat(faults(shapes.simulationsHaveTheirPackage(), KIT))
        .containsExactly(Tree.VIOLATIONS.root() + ".grading.StraySimulation");
  }

  @Test
  void testNamesHoldTests_emptyTest_isFlaggedOnTheUnfilteredImport() {
    assertThat(faults(shapes.testNamesHoldTests(ALL), ALL))
        .containsExactly(Tree.VIOLATIONS.root() + ".report.LoadTest");
  }

  @Test
  void testsAreRun_testWithAnotherName_isFlagged() {
    assertThat(faults(shapes.testsAreRun(ALL), ALL))
        .containsExactly(Tree.VIOLATIONS.root() + ".schema.SchemaChecks");
  }

  private static List<String> faults(ArchRule rule, JavaClasses classes) {
    return rule.evaluate(classes).getFailureReport().getDetails();
  }
}
