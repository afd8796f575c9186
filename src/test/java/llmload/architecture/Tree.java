package llmload.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A tree of packages under one root: the kit's own, or the tree of offenders.
 *
 * @param root the root package
 */
record Tree(String root) {
  static final Tree KIT = new Tree("llmload");
  static final Tree VIOLATIONS = new Tree("llmload.architecture.violations");

  private static final Pattern TEST_FILE =
      Pattern.compile(".*(Test|IT|Contract|Benchmark)(\\$.*)?\\.class$");
  private static final ImportOption NOT_VIOLATIONS =
      location -> !location.contains("/architecture/violations/");
  private static final ImportOption NOT_GENERATED =
      location -> !location.contains("/jmh_generated/");
  private static final ImportOption NOT_TESTS = location -> !location.matches(TEST_FILE);
  private static final ImportOption NOT_SUPPORT =
      location ->
          !location.contains("/llmload/testing/")
              && !location.contains("/llmload/architecture/")
              && !location.contains("/llmload/bench/");

  /** Everything, tests included; of the kit's tree without the offenders. */
  JavaClasses all() {
    ClassFileImporter importer = new ClassFileImporter().withImportOption(NOT_GENERATED);
    return (equals(KIT) ? importer.withImportOption(NOT_VIOLATIONS) : importer)
        .importPackages(root);
  }

  /** The kit itself: told from its tests by suffix, and from their support by package. */
  JavaClasses kit() {
    ClassFileImporter importer =
        new ClassFileImporter().withImportOption(NOT_GENERATED).withImportOption(NOT_TESTS);
    return (equals(KIT) ? importer.withImportOption(NOT_SUPPORT) : importer).importPackages(root);
  }

  /** Whether the class is of this tree. */
  boolean contains(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  /** The class's package without the root: {@code server.engine}; empty for the root itself. */
  String path(JavaClass type) {
    return type.getPackageName().equals(root)
        ? ""
        : type.getPackageName().substring(root.length() + 1);
  }

  /** The simple name of the file's own class, of whatever is nested in it. */
  static String topLevel(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.getSimpleName();
  }

  /** The first segment of {@link #path}: the package that owns the class. */
  String owner(JavaClass type) {
    return path(type).split("\\.", 2)[0];
  }

  /** Whether {@code path} is one of {@code packages} or inside one. */
  static boolean within(String path, Iterable<String> packages) {
    for (String name : packages) {
      if (path.equals(name) || path.startsWith(name + ".")) {
        return true;
      }
    }
    return false;
  }

  /** A condition that finds no fault in a class for which {@code faults} is empty. */
  static ArchCondition<JavaClass> condition(
      String description, Function<JavaClass, List<String>> faults) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (String fault : faults.apply(type)) {
          events.add(SimpleConditionEvent.violated(type, fault));
        }
      }
    };
  }
}
