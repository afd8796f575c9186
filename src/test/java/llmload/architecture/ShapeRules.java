package llmload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules on what classes are called and what they are made of. */
final class ShapeRules {
  /** How a number's name ends, so that nobody has to guess its unit. */
  private static final Pattern UNIT =
      Pattern.compile(
          ".*(Nanos|Micros|Millis|Seconds|Bytes|Tokens|Ratio|Percent|Count|PerSecond|Cores"
              + "|Celsius|Watts|Joules)$");

  /**
   * Names that need no unit: a plain count, identities, the seed of a random generator, a vector's
   * direction, and what sampling knows as bare numbers; {@code bytesReceived} carries its unit in
   * front, as the journal's contract has it.
   */
  private static final Set<String> UNITLESS =
      Set.of(
          "count",
          "id",
          "index",
          "seed",
          "version",
          "vector",
          "bytesReceived",
          "temperature",
          "burstiness",
          "topP",
          "minP",
          "presencePenalty",
          "frequencyPenalty",
          "repetitionPenalty");

  /** Numbers whose unit lies beside them: in the target of a verdict, in the record's own name. */
  private static final Set<String> UNIT_BESIDE =
      Set.of(
          "llmload.model.TargetVerdict.measured",
          "llmload.report.html.Strips$LogScale.low",
          "llmload.report.html.Strips$LogScale.high",
          "llmload.metrics.Percentiles$RankInterval.low",
          "llmload.metrics.Percentiles$RankInterval.high");

  /** An int is a count or a place unless its name speaks of time or size. */
  private static final Pattern TIME_OR_SIZE =
      Pattern.compile(
          "(?i).*(time|timeout|duration|delay|latency|interval|elapsed|lag|age|size|length)$");

  private static final Set<String> WIDE =
      Set.of("long", "double", "float", "java.lang.Long", "java.lang.Double", "java.lang.Float");
  private static final Set<String> INTS = Set.of("int", "java.lang.Integer");

  private static final Pattern TEST_NAME =
      Pattern.compile("Test[A-Z]\\w*|\\w*(Test|Tests|TestCase)|\\w*[a-z]IT");
  private static final Pattern RUN_NAME = Pattern.compile("\\w*Test|\\w*[a-z]IT");
  private static final String TESTABLE = "org.junit.platform.commons.annotation.Testable";

  private static final Set<String> SIMULATION =
      Set.of("io.gatling.javaapi.core.Simulation", "io.gatling.core.scenario.Simulation");

  private final Tree tree;

  ShapeRules(Tree tree) {
    this.tree = tree;
  }

  /** Wide numbers of records, and ints that speak of time or size, end in their unit. */
  ArchRule unitsInNames() {
    return classes()
        .that()
        .areRecords()
        .should(Tree.condition("name the unit of each number", ShapeRules::unitFaults))
        .allowEmptyShould(true);
  }

  /** The domain is records, enums, sealed interfaces and final classes of constants. */
  ArchRule modelIsValues() {
    return classes()
        .that()
        .resideInAPackage(tree.root() + ".model..")
        .should(Tree.condition("be values", type -> isValue(type) ? List.of() : fault(type)))
        .allowEmptyShould(true);
  }

  /** Gatling finds every concrete simulation, so only one package has any. */
  ArchRule simulationsHaveTheirPackage() {
    return classes()
        .that()
        .areNotInterfaces()
        .should(Tree.condition("be in their package if they are simulations", this::strays))
        .allowEmptyShould(true);
  }

  /** What is named like a test holds one; else it would slip out of every rule for kit code. */
  ArchRule testNamesHoldTests(JavaClasses all) {
    return classes()
        .that()
        .areTopLevelClasses()
        .should(
            Tree.condition(
                "hold a test if they are named like one",
                type ->
                    TEST_NAME.matcher(type.getSimpleName()).matches() && !holdsTest(type, all)
                        ? fault(type)
                        : List.of()))
        .allowEmptyShould(true);
  }

  /** What holds tests is named so that the build runs it. */
  ArchRule testsAreRun(JavaClasses all) {
    return classes()
        .that()
        .areTopLevelClasses()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should(
            Tree.condition(
                "be named XTest or XIT if they hold tests",
                type ->
                    holdsTest(type, all) && !RUN_NAME.matcher(type.getSimpleName()).matches()
                        ? fault(type)
                        : List.of()))
        .allowEmptyShould(true);
  }

  private static List<String> fault(JavaClass type) {
    return List.of(type.getName());
  }

  private static List<String> unitFaults(JavaClass type) {
    boolean ownUnit = type.tryGetField("unit").isPresent();
    List<String> faults = new ArrayList<>();
    for (JavaField field : type.getFields()) {
      if (field.getModifiers().contains(JavaModifier.STATIC) || ownUnit) {
        continue;
      }
      String raw = field.getRawType().getBaseComponentType().getName();
      String name = field.getName();
      boolean judged =
          WIDE.contains(raw) || (INTS.contains(raw) && TIME_OR_SIZE.matcher(name).matches());
      boolean named =
          UNIT.matcher(capital(name)).matches()
              || UNITLESS.contains(name)
              || UNIT_BESIDE.contains(field.getFullName());
      if (judged && !named) {
        faults.add(field.getFullName() + ": Expecting a name that ends in its unit.");
      }
    }
    return faults;
  }

  /** So that {@code seconds} alone, too, ends in {@code Seconds}. */
  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static boolean isValue(JavaClass type) {
    if (type.isRecord() || type.isEnum() || type.isAnnotation()) {
      return true;
    }
    if (type.getSimpleName().equals("package-info") || type.isAnonymousClass()) {
      return true;
    }
    if (type.isInterface()) {
      return type.reflect().isSealed();
    }
    boolean constants =
        type.getFields().stream()
            .allMatch(
                f -> f.getModifiers().containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL)));
    boolean neverMade =
        type.getConstructors().stream()
            .allMatch(c -> c.getModifiers().contains(JavaModifier.PRIVATE));
    return type.getModifiers().contains(JavaModifier.FINAL) && constants && neverMade;
  }

  private List<String> strays(JavaClass type) {
    boolean simulation = SIMULATION.stream().anyMatch(type::isAssignableTo);
    boolean base =
        tree.owner(type).equals("run") && type.getModifiers().contains(JavaModifier.ABSTRACT);
    boolean home = tree.owner(type).equals("simulations");
    return simulation && !home && !base ? fault(type) : List.of();
  }

  private static boolean holdsTest(JavaClass type, JavaClasses all) {
    Stream<JavaClass> family =
        Stream.concat(
            Stream.of(type),
            all.stream().filter(other -> other.getName().startsWith(type.getName() + "$")));
    return family.anyMatch(
        member ->
            Stream.<JavaMember>concat(
                    member.getAllMethods().stream(), member.getAllFields().stream())
                .anyMatch(m -> m.isMetaAnnotatedWith(TESTABLE)));
  }
}
