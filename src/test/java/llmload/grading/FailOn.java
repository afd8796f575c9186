package llmload.grading;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmload.config.ConfigException;
import llmload.model.Grade;
import org.jspecify.annotations.Nullable;

/**
 * What fails a run: the setting {@code failOn}.
 *
 * <p>A run that is invalid, partial, or in which nothing succeeded fails whether or not {@code
 * invalid} is in the list: the other words judge numbers, and there are none to believe.
 *
 * @param required a required target that is missed, has no data or is inconclusive
 * @param targets any graded target that is missed
 * @param gradeFloor the worst grade that passes; {@code null} if the grade fails nothing
 * @param regression a regression against the baseline
 */
public record FailOn(
    boolean required, boolean targets, @Nullable Grade gradeFloor, boolean regression) {

  /** The words in force if the setting is not given. */
  public static final List<String> DEFAULT = List.of("invalid", "required");

  /** The same for a run that is held against a baseline. */
  public static final List<String> DEFAULT_AGAINST_A_BASELINE =
      List.of("invalid", "required", "regression");

  private static final String GRADE = "grade<";
  private static final String RULE =
      "invalid, required, targets, regression, or grade<excellent, grade<good, grade<acceptable,"
          + " grade<poor";

  /**
   * The words of the setting, in any order.
   *
   * @throws ConfigException with one problem for each unknown word
   */
  public static FailOn parse(List<String> words) {
    List<String> problems = new ArrayList<>();
    boolean required = false;
    boolean targets = false;
    boolean regression = false;
    Grade floor = null;
    for (String word : words) {
      String plain = word.replace(" ", "").toLowerCase(Locale.ROOT);
      switch (plain) {
        case "invalid" -> {}
        case "required" -> required = true;
        case "targets" -> targets = true;
        case "regression" -> regression = true;
        default -> {
          Grade grade = gradeOf(plain);
          if (grade == null) {
            problems.add("failOn: Expecting " + RULE + ". Found: " + word + ".");
          } else if (floor == null || floor.isWorseThan(grade)) {
            floor = grade;
          }
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new FailOn(required, targets, floor, regression);
  }

  private static @Nullable Grade gradeOf(String word) {
    if (!word.startsWith(GRADE)) {
      return null;
    }
    return switch (word.substring(GRADE.length())) {
      case "excellent" -> Grade.EXCELLENT;
      case "good" -> Grade.GOOD;
      case "acceptable" -> Grade.ACCEPTABLE;
      case "poor" -> Grade.POOR;
      default -> null;
    };
  }
}
