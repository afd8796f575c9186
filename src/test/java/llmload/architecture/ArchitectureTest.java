package llmload.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the kit to its rules. {@link ArchitectureRulesTest} shows that each rule can fail. */
class ArchitectureTest {
  private static JavaClasses kit;
  private static JavaClasses all;

  @BeforeAll
  static void read() {
    kit = Tree.KIT.kit();
    all = Tree.KIT.all();
  }

  @Test
  void import_ofKit_seesTheKitAndNoTest() {
    assertThat(kit).extracting(JavaClass::getName).contains("llmload.model.RequestRecord");
    assertThat(kit.size()).isGreaterThan(30);
    assertThat(kit)
        .extracting(JavaClass::getName)
        .noneMatch(name -> name.contains("Test") && name.contains("architecture"));
  }

  @Test
  void import_ofAll_seesTestsAndNoOffender() {
    assertThat(all).extracting(JavaClass::getName).contains(ArchitectureTest.class.getName());
    assertThat(all.size()).isGreaterThan(kit.size());
    assertThat(all).extracting(JavaClass::getPackageName).noneMatch(n -> n.contains("violations"));
  }

  @TestFactory
  Stream<DynamicTest> kit_keepsEachRule() {
    PackageRules packages = new PackageRules(Tree.KIT);
    LibraryRules libraries = new LibraryRules(Tree.KIT);
    ShapeRules shapes = new ShapeRules(Tree.KIT);
    return Stream.of(
            packages.levels(),
            packages.noCycles(),
            packages.kitIsFreeOfTests(),
            libraries.libraries(),
            libraries.bridgeIsSmall(8),
            libraries.clocks(),
            libraries.console(),
            libraries.exits(),
            libraries.sleeps(),
            shapes.unitsInNames(),
            shapes.modelIsValues(),
            shapes.simulationsHaveTheirPackage())
        .map(rule -> test(rule, kit));
  }

  @TestFactory
  Stream<DynamicTest> treeWithTests_keepsEachRule() {
    PackageRules packages = new PackageRules(Tree.KIT);
    ShapeRules shapes = new ShapeRules(Tree.KIT);
    return Stream.of(
            packages.packagesAreDescribed(),
            packages.supportIsIndependent(),
            shapes.testNamesHoldTests(all),
            shapes.testsAreRun(all))
        .map(rule -> test(rule, all));
  }

  private static DynamicTest test(ArchRule rule, JavaClasses classes) {
    return DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes));
  }
}
