package llmload.protocol;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import llmload.metrics.RequestMetrics;
import llmload.model.CoreMetric;
import llmload.model.RequestRecord;
import llmload.protocol.internal.SessionText;
import llmload.schema.JsonText;
import org.jspecify.annotations.Nullable;

/** The first halves of checks: each names a value and waits for its condition. */
public final class LlmChecks {
  private LlmChecks() {}

  /** A check of a duration. Immutable. */
  public static final class OfDuration {
    private final String id;
    private final String title;
    private final Function<RequestRecord, @Nullable Double> millis;

    OfDuration(String id, String title, Function<RequestRecord, @Nullable Double> millis) {
      this.id = id;
      this.title = title;
      this.millis = millis;
    }

    /** At most {@code limit}. */
    public LlmCheck lte(Duration limit) {
      double limitMillis = limit.toNanos() / 1e6;
      return new LlmCheck(
          id,
          "%s above %s ms".formatted(title, plain(limitMillis)),
          false,
          view -> millis.apply(view.record()),
          value -> (Double) value <= limitMillis);
    }
  }

  /** A check of a number. Immutable. */
  public static final class OfNumber {
    private final String id;
    private final String title;
    private final Function<RequestRecord, @Nullable Double> number;

    OfNumber(String id, String title, Function<RequestRecord, @Nullable Double> number) {
      this.id = id;
      this.title = title;
      this.number = number;
    }

    /** At least {@code limit}. */
    public LlmCheck gte(double limit) {
      return check("below", limit, value -> value >= limit);
    }

    /** At most {@code limit}. */
    public LlmCheck lte(double limit) {
      return check("above", limit, value -> value <= limit);
    }

    /** Exactly {@code expected}. */
    public LlmCheck is(double expected) {
      return check("other than", expected, value -> value == expected);
    }

    private LlmCheck check(String word, double limit, DoublePredicate condition) {
      return new LlmCheck(
          id,
          "%s %s %s".formatted(title, word, plain(limit)),
          false,
          view -> number.apply(view.record()),
          value -> condition.test((Double) value));
    }
  }

  /** A check of a word. Immutable. */
  public static final class OfWord {
    private final String id;
    private final String title;
    private final Function<RequestRecord, @Nullable String> word;

    OfWord(String id, String title, Function<RequestRecord, @Nullable String> word) {
      this.id = id;
      this.title = title;
      this.word = word;
    }

    /** One of {@code allowed}. */
    public LlmCheck in(String... allowed) {
      Set<String> words = Set.of(allowed);
      return new LlmCheck(
          id,
          "%s not in %s".formatted(title, List.of(allowed)),
          false,
          view -> word.apply(view.record()),
          value -> words.contains((String) value));
    }

    /** Exactly {@code expected}. */
    public LlmCheck is(String expected) {
      return in(expected);
    }
  }

  /** A check of the number of items of an array in the answer. Immutable. */
  public static final class OfArray {
    private final String pointerEl;

    OfArray(String pointerEl) {
      this.pointerEl = pointerEl;
    }

    /** Exactly {@code expected} items. */
    public LlmCheck is(int expected) {
      Function<Session, String> pointer = SessionText.el(pointerEl);
      return new LlmCheck(
          "array_length",
          "array length other than " + expected,
          true,
          view -> {
            OptionalInt length =
                JsonText.read(view.reply().text()).arrayLength(pointer.apply(view.session()));
            return length.isPresent() ? length.getAsInt() : null;
          },
          value -> value.equals(expected));
    }
  }

  static @Nullable Double sample(CoreMetric metric, RequestRecord record) {
    OptionalDouble sample = RequestMetrics.sample(metric, record);
    return sample.isPresent() ? sample.getAsDouble() : null;
  }

  static @Nullable Double millis(@Nullable Long nanos) {
    return nanos == null ? null : nanos / 1e6;
  }

  private static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%s", value);
  }
}
