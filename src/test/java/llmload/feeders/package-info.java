/**
 * The data that scenarios feed on: prompts and conversations from files, fresh schemas, texts of a
 * given length, and tags that defeat prefix caches.
 *
 * <p>Every feeder is a plain {@code Iterator<Map<String, Object>>}, as Gatling's {@code feed} takes
 * it. May use: {@code model}, {@code config}, {@code tokens}, {@code schema}, Jackson.
 */
@NullMarked
package llmload.feeders;

import org.jspecify.annotations.NullMarked;
