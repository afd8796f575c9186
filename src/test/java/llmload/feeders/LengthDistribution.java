package llmload.feeders;

import java.util.Locale;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long prompts or answers are, in tokens: {@code 128}, {@code uniform:100..200} (both ends
 * included), {@code normal:512,64} (mean, standard deviation; rounded, and at least 1).
 *
 * @param text as it was given
 * @param shape how lengths are spread
 * @param first the length, the least, or the mean
 * @param second the length, the most, or the standard deviation
 */
public record LengthDistribution(String text, Shape shape, int first, int second) {
  private static final int MAX_LENGTH = 10_000_000;
  private static final Pattern FIXED = Pattern.compile("([0-9]{1,8})");
  private static final Pattern UNIFORM = Pattern.compile("uniform:([0-9]{1,8})\\.\\.([0-9]{1,8})");
  private static final Pattern NORMAL = Pattern.compile("normal:([0-9]{1,8}),([0-9]{1,8})");

  /** How lengths are spread. */
  public enum Shape {
    /** Always the same. */
    FIXED,
    /** Each length between two equally often. */
    UNIFORM,
    /** Around a mean. */
    NORMAL
  }

  /**
   * The distribution that {@code text} stands for.
   *
   * @throws IllegalArgumentException if it is none; the message begins with what is expected
   */
  public static LengthDistribution parse(String text) {
    String given = text.strip().toLowerCase(Locale.ROOT);
    Matcher fixed = FIXED.matcher(given);
    if (fixed.matches()) {
      int length = inRange(fixed.group(1), text);
      return new LengthDistribution(given, Shape.FIXED, length, length);
    }
    Matcher uniform = UNIFORM.matcher(given);
    if (uniform.matches()) {
      int least = inRange(uniform.group(1), text);
      int most = inRange(uniform.group(2), text);
      if (most < least) {
        throw new IllegalArgumentException(
            "Expecting the lesser length first. Found: " + text + ".");
      }
      return new LengthDistribution(given, Shape.UNIFORM, least, most);
    }
    Matcher normal = NORMAL.matcher(given);
    if (normal.matches()) {
      return new LengthDistribution(
          given, Shape.NORMAL, inRange(normal.group(1), text), Integer.parseInt(normal.group(2)));
    }
    throw new IllegalArgumentException(
        "Expecting a length such as 128, normal:512,64 or uniform:100..200. Found: " + text + ".");
  }

  private static int inRange(String digits, String text) {
    int length = Integer.parseInt(digits);
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "Expecting lengths from 1 to " + MAX_LENGTH + " tokens. Found: " + text + ".");
    }
    return length;
  }

  /** Lengths without end, the same for the same seed; thread safe. */
  public IntSupplier lengths(long seed) {
    Random random = new Random(seed);
    return () -> {
      synchronized (random) {
        return draw(random);
      }
    };
  }

  private int draw(Random random) {
    return switch (shape) {
      case FIXED -> first;
      case UNIFORM -> first + random.nextInt(second - first + 1);
      case NORMAL ->
          (int)
              Math.min(MAX_LENGTH, Math.max(1, Math.round(first + second * random.nextGaussian())));
    };
  }
}
