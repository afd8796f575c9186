package llmload.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rules on which package may use which library, and which calls of the JDK. */
final class LibraryRules {
  private static final String BRIDGE = "protocol.internal";

  /** The JDK, and annotations that leave no trace at run time: for everyone. */
  private static final List<String> FREE =
      List.of("java", "javax", "jdk", "sun", "com.sun", "org.jspecify", "com.google.errorprone");

  private static final Set<String> ALL_BUT_MODEL = new TreeSet<>(PackageRules.LEVELS.keySet());
  private static final Set<String> STATISTICS = Set.of("metrics", "analysis", "run");

  static {
    ALL_BUT_MODEL.remove("model");
  }

  /**
   * The closed table: a library's package prefix and the packages that may use it. The longest
   * prefix counts; what no row names nobody may use.
   */
  static final Map<String, Set<String>> TABLE =
      Map.ofEntries(
          Map.entry("io.gatling", Set.of(BRIDGE)),
          Map.entry("scala", Set.of(BRIDGE)),
          Map.entry("com.typesafe.config", Set.of(BRIDGE)),
          // The two types that Gatling's Java builders must return, here by bridge methods of
          // javac's.
          Map.entry("io.gatling.core.protocol", Set.of("protocol")),
          Map.entry("io.gatling.core.action.builder", Set.of("protocol")),
          Map.entry("io.gatling.javaapi", Set.of("protocol", "feeders", "run", "simulations")),
          Map.entry("io.netty", Set.of("protocol", "server", "telemetry", "report.live")),
          Map.entry(
              "com.fasterxml.jackson",
              Set.of(
                  "config",
                  "wire",
                  "journal",
                  "schema",
                  "tokens",
                  "feeders",
                  "server",
                  "telemetry",
                  "report",
                  "app",
                  "run")),
          Map.entry("org.HdrHistogram", STATISTICS),
          Map.entry("org.apache.commons.statistics", STATISTICS),
          Map.entry("org.apache.commons.numbers", STATISTICS),
          Map.entry("org.apache.commons.rng", STATISTICS),
          Map.entry("oshi", Set.of("telemetry")),
          Map.entry("io.pebbletemplates", Set.of("report")),
          Map.entry("picocli", Set.of("app")),
          Map.entry("com.knuddels.jtokkit", Set.of("tokens")),
          Map.entry("ai.djl", Set.of("tokens")),
          Map.entry("de.kherud", Set.of("server")),
          Map.entry("org.apache.lucene", Set.of("server.retrieval")),
          Map.entry("com.networknt", Set.of("schema")),
          Map.entry("io.prometheus", Set.of("server", "telemetry", "report")),
          Map.entry("org.slf4j", ALL_BUT_MODEL));

  /** Where the clock may be read; everywhere else it is handed in. */
  private static final Set<String> CLOCK_EDGE =
      Set.of("protocol", "journal", "server", "telemetry", "report.live", "run", "app");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system");

  private static final Set<String> CONSOLE = Set.of("java.lang.System.out", "java.lang.System.err");
  private static final Set<String> EXITS =
      Set.of("java.lang.System.exit", "java.lang.Runtime.exit", "java.lang.Runtime.halt");

  private final Tree tree;

  LibraryRules(Tree tree) {
    this.tree = tree;
  }

  /** Each library is used only where the table says; one that is not in the table, nowhere. */
  ArchRule libraries() {
    return classes()
        .should(Tree.condition("use only the libraries of their package", this::libraryFaults))
        .allowEmptyShould(true);
  }

  /** The bridge into Gatling's internals is at most {@code limit} files. */
  ArchRule bridgeIsSmall(int limit) {
    return classes()
        .that()
        .resideInAPackage(tree.root() + "." + BRIDGE + "..")
        .should(
            new ArchCondition<JavaClass>("be at most %d files".formatted(limit)) {
              private final Set<String> files = new TreeSet<>();

              @Override
              public void init(Collection<JavaClass> types) {
                files.clear();
              }

              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
                  files.add(type.getSimpleName());
                }
              }

              @Override
              public void finish(ConditionEvents events) {
                if (files.size() > limit) {
                  events.add(
                      SimpleConditionEvent.violated(
                          files,
                          BRIDGE + ": Expecting at most " + limit + " files. Found: " + files));
                }
              }
            })
        .allowEmptyShould(true);
  }

  /** No live clock but at the edge. */
  ArchRule clocks() {
    return callsOnlyIn(CLOCKS, CLOCK_EDGE, "read the clock only at the edge");
  }

  /** Standard output belongs to what is meant for a console. */
  ArchRule console() {
    return callsOnlyIn(
        CONSOLE, Set.of("app", "run", "report", "server"), "leave the console alone");
  }

  /** Ending the process is for those who own one. */
  ArchRule exits() {
    return callsOnlyIn(EXITS, Set.of("app", "run", "server"), "not end the process");
  }

  /** A sleeping thread measures nothing; timers and latches wait. */
  ArchRule sleeps() {
    return callsOnlyIn(Set.of("java.lang.Thread.sleep"), Set.of(), "not sleep");
  }

  private ArchRule callsOnlyIn(Set<String> members, Set<String> allowed, String description) {
    return classes()
        .should(
            Tree.condition(
                description,
                type -> Tree.within(tree.path(type), allowed) ? List.of() : uses(type, members)))
        .allowEmptyShould(true);
  }

  private static List<String> uses(JavaClass type, Set<String> members) {
    List<String> found = new ArrayList<>();
    for (JavaAccess<?> access : type.getAccessesFromSelf()) {
      String member = access.getTargetOwner().getName() + "." + access.getTarget().getName();
      if (members.contains(member)) {
        found.add(access.getDescription());
      }
    }
    return found;
  }

  private List<String> libraryFaults(JavaClass type) {
    List<String> faults = new ArrayList<>();
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      JavaClass target = dependency.getTargetClass().getBaseComponentType();
      String name = target.getPackageName();
      if (target.isPrimitive() || tree.contains(target) || Tree.within(name, FREE)) {
        continue;
      }
      if (Tree.KIT.contains(target)) {
        continue;
      }
      Optional<String> row =
          TABLE.keySet().stream()
              .filter(prefix -> Tree.within(name, List.of(prefix)))
              .max(Comparator.comparingInt(String::length));
      if (row.isEmpty()) {
        faults.add("no row of the library table: " + dependency);
      } else if (!Tree.within(tree.path(type), TABLE.getOrDefault(row.get(), Set.of()))) {
        faults.add("only for " + TABLE.get(row.get()) + ": " + dependency);
      }
    }
    return faults;
  }
}
