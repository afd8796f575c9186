package llmload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules on which package of a tree may use which. */
final class PackageRules {
  /** Each package's level. A package uses only packages of lower levels, never a sister. */
  static final Map<String, Integer> LEVELS =
      Map.ofEntries(
          Map.entry("model", 0),
          Map.entry("config", 0),
          Map.entry("metrics", 1),
          Map.entry("wire", 1),
          Map.entry("journal", 1),
          Map.entry("tokens", 1),
          Map.entry("schema", 1),
          Map.entry("load", 1),
          Map.entry("feeders", 2),
          Map.entry("protocol", 2),
          Map.entry("server", 2),
          Map.entry("telemetry", 2),
          Map.entry("analysis", 2),
          Map.entry("grading", 2),
          Map.entry("report", 2),
          Map.entry("run", 3),
          Map.entry("simulations", 4),
          Map.entry("app", 4));

  /** Support of tests: kit code never uses it. */
  private static final Set<String> SUPPORT = Set.of("testing", "architecture");

  /** Support that drives the kit itself; all other support is an oracle and stands apart. */
  private static final Set<String> DRIVERS =
      Set.of("ProtocolHarness", "RunProcess", "BlockedLoopSimulation");

  private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";

  private final Tree tree;

  PackageRules(Tree tree) {
    this.tree = tree;
  }

  /** Every package has a level and uses only lower ones; sisters never import one another. */
  ArchRule levels() {
    return classes()
        .should(Tree.condition("use only packages of lower levels", this::levelFaults))
        .allowEmptyShould(true);
  }

  /** No package reaches itself through another one. */
  ArchRule noCycles() {
    return slices()
        .matching(tree.root() + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  /** Kit code uses neither test libraries nor the support of tests. */
  ArchRule kitIsFreeOfTests() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.junit..",
            "org.assertj..",
            "com.tngtech.archunit..",
            "net.jqwik..",
            "org.openjdk.jmh..",
            "com.microsoft.playwright..",
            Tree.KIT.root() + ".testing..",
            tree.root() + ".testing..")
        .allowEmptyShould(true);
  }

  /** The support of tests stands apart from the kit, so that both cannot make the same mistake. */
  ArchRule supportIsIndependent() {
    return classes()
        .that()
        .resideInAPackage(tree.root() + ".testing..")
        .should(Tree.condition("use no package of the kit", this::supportFaults))
        .allowEmptyShould(true);
  }

  /** Each package says what it is for, and is null-marked. */
  ArchRule packagesAreDescribed() {
    return classes()
        .should(Tree.condition("be in a package with a null-marked package-info", this::unmarked))
        .allowEmptyShould(true);
  }

  private List<String> levelFaults(JavaClass type) {
    Integer level = LEVELS.get(tree.owner(type));
    if (level == null) {
      return List.of(type.getName() + ": Expecting a package that has a level. Found: none.");
    }
    List<String> faults = new ArrayList<>();
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      JavaClass target = dependency.getTargetClass().getBaseComponentType();
      if (!tree.contains(target) || tree.owner(target).equals(tree.owner(type))) {
        continue;
      }
      Integer other = LEVELS.get(tree.owner(target));
      if (SUPPORT.contains(tree.owner(target)) || other == null || other >= level) {
        faults.add("level %d uses level %s: %s".formatted(level, other, dependency));
      }
    }
    return faults;
  }

  private List<String> supportFaults(JavaClass type) {
    List<String> faults = new ArrayList<>();
    if (DRIVERS.contains(Tree.topLevel(type))) {
      return faults;
    }
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      JavaClass target = dependency.getTargetClass().getBaseComponentType();
      if (tree.contains(target) && !tree.owner(target).equals("testing")) {
        faults.add(dependency.getDescription());
      }
    }
    return faults;
  }

  private List<String> unmarked(JavaClass type) {
    JavaPackage owner = type.getPackage();
    boolean marked =
        owner.tryGetPackageInfo().filter(i -> i.isAnnotatedWith(NULL_MARKED)).isPresent();
    return marked
        ? List.of()
        : List.of(owner.getName() + ": Expecting package-info with @NullMarked. Found: none.");
  }
}
