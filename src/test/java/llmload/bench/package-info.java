/**
 * Benchmarks of the whole injector, and the token source that they read from. Not part of the kit:
 * compiled only with the Maven profile {@code bench}, and free to use every package.
 */
@NullMarked
package llmload.bench;

import org.jspecify.annotations.NullMarked;
