package llmload.protocol;

import java.util.function.Function;
import java.util.function.Predicate;
import llmload.model.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a complete answer. A request that fails one is KO with the check's outcome and
 * constant text; the value that the check looked at goes to the journal.
 *
 * @param id the name of the value, for example {@code time_to_first_token_ms}; the journal keeps
 *     the value under the tag {@code check.<id>}
 * @param failureText the constant text of a failure
 * @param needsText whether it reads the answer's text, which is kept only on demand
 * @param value the value it looks at, {@code null} where the answer has none (which fails)
 * @param condition whether that value is right
 * @param failure what a failure is classed as: CHECK, or SCHEMA for one that compares with a JSON
 *     Schema, which also decides the record's {@code schemaValid}
 */
public record LlmCheck(
    String id,
    String failureText,
    boolean needsText,
    Function<ReplyView, @Nullable Object> value,
    Predicate<Object> condition,
    Outcome failure) {

  /** A check that is classed as CHECK. */
  public LlmCheck(
      String id,
      String failureText,
      boolean needsText,
      Function<ReplyView, @Nullable Object> value,
      Predicate<Object> condition) {
    this(id, failureText, needsText, value, condition, Outcome.CHECK);
  }

  /** Whether it compares the answer with a JSON Schema. */
  public boolean isOfSchema() {
    return failure == Outcome.SCHEMA;
  }
}
