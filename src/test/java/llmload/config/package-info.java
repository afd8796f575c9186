/**
 * Typed reads of settings from system properties, the environment and YAML files.
 *
 * <p>Knows no key of its own: each package that has settings owns a record with a {@code read}
 * factory. May use: the JDK, Jackson's YAML reader.
 */
@NullMarked
package llmload.config;

import org.jspecify.annotations.NullMarked;
