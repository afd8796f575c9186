/**
 * The bridge to Gatling's internals, pinned to one Gatling version: at most eight files, and no
 * other package imports {@code io.gatling} outside {@code io.gatling.javaapi}.
 */
@NullMarked
package llmload.protocol.internal;

import org.jspecify.annotations.NullMarked;
