package llmload.protocol;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a complete answer. A request that fails one is KO with the outcome CHECK and the
 * check's constant text; the value that the check looked at goes to the journal.
 *
 * @param id the name of the value, for example {@code time_to_first_token_ms}; the journal keeps
 *     the value under the tag {@code check.<id>}
 * @param failureText the constant text of a failure
 * @param needsText whether it reads the answer's text, which is kept only on demand
 * @param value the value it looks at, {@code null} where the answer has none (which fails)
 * @param condition whether that value is right
 */
public record LlmCheck(
    String id,
    String failureText,
    boolean needsText,
    Function<ReplyView, @Nullable Object> value,
    Predicate<Object> condition) {}
