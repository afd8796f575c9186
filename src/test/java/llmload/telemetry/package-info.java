/**
 * Collectors of what machines do while a run goes on: a source gives raw readings, a parser makes
 * numbers of them, a collector makes samples.
 *
 * <p>May use: model, config, and where a collector needs it OSHI or Netty's codecs.
 */
@NullMarked
package llmload.telemetry;

import org.jspecify.annotations.NullMarked;
