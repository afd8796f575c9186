/**
 * JSON Schema: whether an answer fits one, what is wrong with one that does not, and fresh schemas
 * that no server has seen before.
 *
 * <p>Nothing is fetched: a schema that refers to another document is refused. May use: {@code
 * model}, {@code config}, networknt's validator, Jackson.
 */
@NullMarked
package llmload.schema;

import org.jspecify.annotations.NullMarked;
