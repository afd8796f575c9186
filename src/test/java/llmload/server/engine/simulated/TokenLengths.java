package llmload.server.engine.simulated;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A distribution of lengths in tokens: {@code 128}, {@code uniform:100..200} (both ends included)
 * or {@code normal:512,64} (mean and standard deviation, rounded, never below the least length).
 *
 * @param kind the shape
 * @param firstTokens its first number
 * @param secondTokens its second number; the first again where there is none
 */
public record TokenLengths(Kind kind, double firstTokens, double secondTokens) {
  /** What a malformed text is told. */
  static final String RULE = "a length such as 128, uniform:100..200 or normal:512,64";

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{1,7})|uniform:(\\d{1,7})\\.\\.(\\d{1,7})"
              + "|normal:(\\d{1,7}(?:\\.\\d+)?),(\\d{1,7}(?:\\.\\d+)?)");

  /** The shape of the distribution. */
  public enum Kind {
    /** Always the first number. */
    FIXED,
    /** Whole numbers from the first to the second, all alike. */
    UNIFORM,
    /** The first is the mean, the second the standard deviation. */
    NORMAL
  }

  /** Always the same length. */
  static TokenLengths fixed(int tokens) {
    return new TokenLengths(Kind.FIXED, tokens, tokens);
  }

  /** What {@code text} says; empty if it says nothing of the kind. */
  static Optional<TokenLengths> parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      return Optional.empty();
    }
    if (form.group(1) != null) {
      return Optional.of(fixed(Integer.parseInt(form.group(1))));
    }
    boolean uniform = form.group(2) != null;
    double first = Double.parseDouble(form.group(uniform ? 2 : 4));
    double second = Double.parseDouble(form.group(uniform ? 3 : 5));
    if (uniform && second < first) {
      return Optional.empty();
    }
    return Optional.of(new TokenLengths(uniform ? Kind.UNIFORM : Kind.NORMAL, first, second));
  }

  /** One length, at least {@code least}. */
  int draw(RandomGenerator random, int least) {
    double drawn =
        switch (kind) {
          case FIXED -> firstTokens;
          case UNIFORM -> random.nextInt((int) firstTokens, (int) secondTokens + 1);
          case NORMAL -> Math.rint(firstTokens + secondTokens * random.nextGaussian());
        };
    return Math.max(least, (int) drawn);
  }
}
